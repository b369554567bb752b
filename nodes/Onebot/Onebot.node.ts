import { onebot } from '../../src/services/onebot/onebot.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Onebot extends channelNode(onebot) {}
