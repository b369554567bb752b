import { dingtalkTrigger } from '../../src/services/dingtalk/dingtalk.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class DingtalkTrigger extends triggerNode(dingtalkTrigger) {}
