import { feishuApp } from '../../src/channels/feishuApp';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class FeishuApp extends channelNode(feishuApp) {}
