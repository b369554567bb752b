import { websocket } from '../../src/channels/websocket';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Websocket extends channelNode(websocket) {}
