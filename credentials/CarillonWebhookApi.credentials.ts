import { webhook } from '../src/services/webhook/webhook.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWebhookApi extends credential(webhook) {}
