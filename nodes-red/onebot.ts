import { onebot } from '../src/services/onebot/onebot.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(onebot);
