import { sre24 } from '../src/services/sre24/sre24.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(sre24);
