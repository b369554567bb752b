import { serverChan } from '../src/channels/serverChan';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(serverChan);
