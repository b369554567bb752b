import { websocket } from '../src/services/webhook/websocket.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(websocket);
