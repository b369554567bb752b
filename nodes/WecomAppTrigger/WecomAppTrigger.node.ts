import { wecomAppTrigger } from '../../src/services/wecom/wecomApp.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class WecomAppTrigger extends triggerNode(wecomAppTrigger) {}
