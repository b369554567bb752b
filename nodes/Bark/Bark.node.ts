import { bark } from '../../src/channels/bark';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Bark extends channelNode(bark) {}
