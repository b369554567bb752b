import { serverChan } from '../../src/services/serverChan/serverChan.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class ServerChan extends channelNode(serverChan) {}
