import { serverChan } from '../../src/channels/serverChan';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class ServerChan extends channelNode(serverChan) {}
