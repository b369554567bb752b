import { pushPlus } from '../../src/services/pushPlus/pushPlus.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class PushPlus extends channelNode(pushPlus) {}
