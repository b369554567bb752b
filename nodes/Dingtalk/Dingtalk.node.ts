import { dingtalk } from '../../src/channels/dingtalk';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Dingtalk extends channelNode(dingtalk) {}
