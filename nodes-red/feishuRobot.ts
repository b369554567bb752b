import { feishuRobot } from '../src/channels/feishuRobot';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(feishuRobot);
