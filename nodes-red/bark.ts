import { bark } from '../src/channels/bark';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(bark);
