import { telegram } from '../../src/services/telegram/telegram.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Telegram extends channelNode(telegram) {}
