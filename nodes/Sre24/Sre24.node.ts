import { sre24 } from '../../src/services/sre24/sre24.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Sre24 extends channelNode(sre24) {}
