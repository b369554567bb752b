import { slackWebhook } from '../src/services/slack/slackWebhook.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(slackWebhook);
