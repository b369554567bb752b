import { webhookTrigger } from '../src/services/webhook/webhook.trigger';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWebhookTriggerApi extends credential(webhookTrigger) {}
