import { vocechat } from '../../src/channels/vocechat';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Vocechat extends channelNode(vocechat) {}
