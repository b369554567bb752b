import { bark } from '../src/services/bark/bark.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(bark);
