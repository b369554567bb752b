import { bark } from '../../src/services/bark/bark.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Bark extends channelNode(bark) {}
