import { slack } from '../src/services/slack/slack.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(slack);
