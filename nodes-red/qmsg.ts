import { qmsg } from '../src/channels/qmsg';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(qmsg);
