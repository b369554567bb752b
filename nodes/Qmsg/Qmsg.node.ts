import { qmsg } from '../../src/services/qmsg/qmsg.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Qmsg extends channelNode(qmsg) {}
