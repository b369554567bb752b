import { feishuApp } from '../../src/services/feishu/feishuApp.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class FeishuApp extends channelNode(feishuApp) {}
