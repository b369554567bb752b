import { slackWebhook } from '../../src/channels/slackWebhook';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class SlackWebhook extends channelNode(slackWebhook) {}
