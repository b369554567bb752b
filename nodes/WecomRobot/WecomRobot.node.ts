import { wecomRobot } from '../../src/channels/wecomRobot';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class WecomRobot extends channelNode(wecomRobot) {}
