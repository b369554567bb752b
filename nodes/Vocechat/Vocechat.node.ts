import { vocechat } from '../../src/services/vocechat/vocechat.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Vocechat extends channelNode(vocechat) {}
