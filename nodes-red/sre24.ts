import { sre24 } from '../src/channels/sre24';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(sre24);
