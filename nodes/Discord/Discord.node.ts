import { discord } from '../../src/services/discord/discord.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Discord extends channelNode(discord) {}
