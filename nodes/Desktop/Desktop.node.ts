import { desktop } from '../../src/channels/desktop';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Desktop extends channelNode(desktop) {}
