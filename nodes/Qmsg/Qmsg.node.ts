import { qmsg } from '../../src/channels/qmsg';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Qmsg extends channelNode(qmsg) {}
