import { synologyChat } from '../src/services/synologyChat/synologyChat.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSynologyChatApi extends credential(synologyChat) {}
