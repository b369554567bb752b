import { qmsg } from '../src/services/qmsg/qmsg.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(qmsg);
