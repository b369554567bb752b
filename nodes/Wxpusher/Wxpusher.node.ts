import { wxpusher } from '../../src/channels/wxpusher';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Wxpusher extends channelNode(wxpusher) {}
