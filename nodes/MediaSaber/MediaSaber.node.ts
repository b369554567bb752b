import { mediaSaber } from '../../src/channels/mediaSaber';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class MediaSaber extends channelNode(mediaSaber) {}
