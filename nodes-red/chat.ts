import { discord } from '../src/services/discord/discord.channel';
import { synologyChat } from '../src/services/synologyChat/synologyChat.channel';
import { telegram } from '../src/services/telegram/telegram.channel';
import { vocechat } from '../src/services/vocechat/vocechat.channel';
import { synologyChatTrigger } from '../src/services/synologyChat/synologyChat.trigger';
import { telegramTrigger } from '../src/services/telegram/telegram.trigger';
import { vocechatTrigger } from '../src/services/vocechat/vocechat.trigger';
import { channelSet } from '../src/hosts/node-red/channel-node';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = {
	discord: channelSet(discord),
	synologyChat: channelSet(synologyChat),
	telegram: channelSet(telegram),
	vocechat: channelSet(vocechat),
	synologyChatTrigger: triggerSet(synologyChatTrigger),
	telegramTrigger: triggerSet(telegramTrigger),
	vocechatTrigger: triggerSet(vocechatTrigger),
};
