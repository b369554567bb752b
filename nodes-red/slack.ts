import { slack } from '../src/channels/slack';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(slack);
