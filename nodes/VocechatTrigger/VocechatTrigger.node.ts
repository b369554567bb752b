import { vocechatTrigger } from '../../src/services/vocechat/vocechat.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class VocechatTrigger extends triggerNode(vocechatTrigger) {}
