import { synologyChat } from '../src/channels/synologyChat';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(synologyChat);
