import { synologyChat } from '../../src/services/synologyChat/synologyChat.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class SynologyChat extends channelNode(synologyChat) {}
