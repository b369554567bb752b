import { dingtalkTrigger } from '../../src/triggers/dingtalkTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class DingtalkTrigger extends triggerNode(dingtalkTrigger) {}
