import { wecomRobot } from '../src/services/wecom/wecomRobot.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(wecomRobot);
