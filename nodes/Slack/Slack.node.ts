import { slack } from '../../src/channels/slack';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Slack extends channelNode(slack) {}
