import { webhookTrigger } from '../../src/triggers/webhookTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class WebhookTrigger extends triggerNode(webhookTrigger) {}
