import { synologyChatTrigger } from '../../src/triggers/synologyChatTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class SynologyChatTrigger extends triggerNode(synologyChatTrigger) {}
