import { wecomApp } from '../../src/channels/wecomApp';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class WecomApp extends channelNode(wecomApp) {}
