import { discord } from '../src/services/discord/discord.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonDiscordApi extends credential(discord) {}
