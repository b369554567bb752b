import { ntfy } from '../../src/services/ntfy/ntfy.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Ntfy extends channelNode(ntfy) {}
