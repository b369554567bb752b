import { onebot } from '../src/channels/onebot';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(onebot);
