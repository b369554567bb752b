import { mediaSaber } from '../../src/services/mediaSaber/mediaSaber.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class MediaSaber extends channelNode(mediaSaber) {}
