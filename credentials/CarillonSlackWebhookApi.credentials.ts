import { slackWebhook } from '../src/services/slack/slackWebhook.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSlackWebhookApi extends credential(slackWebhook) {}
