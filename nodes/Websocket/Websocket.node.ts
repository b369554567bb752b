import { websocket } from '../../src/services/webhook/websocket.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Websocket extends channelNode(websocket) {}
