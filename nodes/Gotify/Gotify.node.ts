import { gotify } from '../../src/services/gotify/gotify.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Gotify extends channelNode(gotify) {}
