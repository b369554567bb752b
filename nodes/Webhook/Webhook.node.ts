import { webhook } from '../../src/channels/webhook';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Webhook extends channelNode(webhook) {}
