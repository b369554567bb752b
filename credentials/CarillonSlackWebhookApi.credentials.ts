import { slackWebhook } from '../src/channels/slackWebhook';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSlackWebhookApi extends credential(slackWebhook) {}
