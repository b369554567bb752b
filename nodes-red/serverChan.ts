import { serverChan } from '../src/services/serverChan/serverChan.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(serverChan);
