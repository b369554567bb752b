import { webhookTrigger } from '../src/triggers/webhookTrigger';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWebhookTriggerApi extends credential(webhookTrigger) {}
