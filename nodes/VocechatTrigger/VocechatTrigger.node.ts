import { vocechatTrigger } from '../../src/triggers/vocechatTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class VocechatTrigger extends triggerNode(vocechatTrigger) {}
