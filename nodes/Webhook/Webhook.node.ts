import { webhook } from '../../src/services/webhook/webhook.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Webhook extends channelNode(webhook) {}
