import { slackWebhook } from '../../src/services/slack/slackWebhook.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class SlackWebhook extends channelNode(slackWebhook) {}
