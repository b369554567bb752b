import { slackWebhook } from '../src/channels/slackWebhook';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(slackWebhook);
