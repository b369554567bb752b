import { synologyChatTrigger } from '../../src/services/synologyChat/synologyChat.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class SynologyChatTrigger extends triggerNode(synologyChatTrigger) {}
