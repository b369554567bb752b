import { synologyChat } from '../src/services/synologyChat/synologyChat.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(synologyChat);
