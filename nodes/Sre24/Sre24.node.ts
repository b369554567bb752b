import { sre24 } from '../../src/channels/sre24';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Sre24 extends channelNode(sre24) {}
