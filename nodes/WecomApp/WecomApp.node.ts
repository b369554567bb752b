import { wecomApp } from '../../src/services/wecom/wecomApp.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class WecomApp extends channelNode(wecomApp) {}
