import { synologyChat } from '../src/channels/synologyChat';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSynologyChatApi extends credential(synologyChat) {}
