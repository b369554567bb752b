import { webhookTrigger } from '../../src/services/webhook/webhook.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class WebhookTrigger extends triggerNode(webhookTrigger) {}
