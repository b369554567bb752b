import { webhook } from '../src/services/webhook/webhook.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(webhook);
