import { webhook } from '../src/channels/webhook';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWebhookApi extends credential(webhook) {}
