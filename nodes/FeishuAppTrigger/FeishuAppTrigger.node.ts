import { feishuAppTrigger } from '../../src/services/feishu/feishuApp.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class FeishuAppTrigger extends triggerNode(feishuAppTrigger) {}
