import { webPush } from '../../src/services/webPush/webPush.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class WebPush extends channelNode(webPush) {}
