import { telegram } from '../../src/channels/telegram';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Telegram extends channelNode(telegram) {}
