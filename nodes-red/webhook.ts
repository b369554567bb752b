import { webhook } from '../src/channels/webhook';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(webhook);
