import { wecomAppTrigger } from '../../src/triggers/wecomAppTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class WecomAppTrigger extends triggerNode(wecomAppTrigger) {}
