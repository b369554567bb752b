import { wxpusher } from '../src/channels/wxpusher';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(wxpusher);
