import { wxpusher } from '../src/services/wxpusher/wxpusher.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(wxpusher);
