import { slack } from '../../src/services/slack/slack.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Slack extends channelNode(slack) {}
