import { dingtalk } from '../../src/services/dingtalk/dingtalk.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Dingtalk extends channelNode(dingtalk) {}
