import { feishuRobot } from '../../src/channels/feishuRobot';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class FeishuRobot extends channelNode(feishuRobot) {}
