import { feishuRobot } from '../src/services/feishu/feishuRobot.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(feishuRobot);
