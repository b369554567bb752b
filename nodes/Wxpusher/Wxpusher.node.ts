import { wxpusher } from '../../src/services/wxpusher/wxpusher.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Wxpusher extends channelNode(wxpusher) {}
