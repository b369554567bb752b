import { synologyChat } from '../../src/channels/synologyChat';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class SynologyChat extends channelNode(synologyChat) {}
