import { websocket } from '../src/channels/websocket';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(websocket);
