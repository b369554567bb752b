import { feishuAppTrigger } from '../../src/triggers/feishuAppTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class FeishuAppTrigger extends triggerNode(feishuAppTrigger) {}
