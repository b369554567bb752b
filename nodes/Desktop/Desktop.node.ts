import { desktop } from '../../src/services/desktop/desktop.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Desktop extends channelNode(desktop) {}
