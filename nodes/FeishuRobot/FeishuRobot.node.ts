import { feishuRobot } from '../../src/services/feishu/feishuRobot.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class FeishuRobot extends channelNode(feishuRobot) {}
