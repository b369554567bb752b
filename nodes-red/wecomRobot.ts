import { wecomRobot } from '../src/channels/wecomRobot';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(wecomRobot);
