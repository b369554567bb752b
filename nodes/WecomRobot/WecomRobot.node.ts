import { wecomRobot } from '../../src/services/wecom/wecomRobot.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class WecomRobot extends channelNode(wecomRobot) {}
