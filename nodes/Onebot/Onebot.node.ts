import { onebot } from '../../src/channels/onebot';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Onebot extends channelNode(onebot) {}
