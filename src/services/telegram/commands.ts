import { action, choice, invalid, multiline, text } from '../../core/define/channel';
import { at, call, type telegramAccount } from './api';

export const setMyCommands = action<typeof telegramAccount>()({
	name: 'Set Command Menu',
	zh: '设置命令菜单',
	resource: 'menu',
	fields: {
		commands: multiline('Commands', {
			zh: '命令',
			optional: true,
			placeholder: 'sites - Sync sites\ndownloading - What is downloading',
			help: {
				en: 'One a line: command - description. Empty removes the menu',
				zh: '每行一个：命令 - 说明。留空则删除菜单',
			},
		}),
		scope: choice(
			'For',
			{
				default: ['Everyone', '所有人'],
				all_private_chats: ['Private chats', '所有私聊'],
				all_group_chats: ['Groups', '所有群组'],
				all_chat_administrators: ['Group administrators', '所有群管理员'],
				chat: ['One chat', '指定会话'],
			},
			{ zh: '适用范围', default: 'default' },
		),
		chat: text('Chat', { zh: '会话', show: { scope: ['chat'] } }),
		languageCode: text('Language', { zh: '语言代码', optional: true, placeholder: 'zh' }),
	},
	run: (input) => {
		const { commands = '', scope, chat, languageCode } = input.input;
		const to = {
			scope: { type: scope, ...(chat && at(input, chat)) },
			...(languageCode && { language_code: languageCode }),
		};
		const menu = commandsOf(commands);
		return menu.length === 0
			? call(input, 'deleteMyCommands', to)
			: call(input, 'setMyCommands', { ...to, commands: menu });
	},
});

function commandsOf(lines: string): { command: string; description: string }[] {
	const commands = lines
		.split('\n')
		.filter((line) => line.trim() !== '')
		.map((line) => {
			const [, command = '', rest = ''] =
				/^\/?(\S[^\s:：]*)(?:\s*[:：]|\s+[-–—]\s|\s)([^]*)/.exec(line.trimStart()) ?? [];
			const description = rest.trim();
			if (!/^[a-z0-9_]{1,32}$/.test(command) || description === '' || description.length > 256) {
				throw invalid('commands', {
					en: `The line “${line.trim()}” is no command: write “command - description”, the command with at most 32 of a-z, 0-9 and _, the description with at most 256 characters.`,
					zh: `“${line.trim()}”不是有效的命令：请写成“命令 - 说明”，命令最多 32 个 a-z、0-9 或 _，说明最多 256 个字符。`,
				});
			}
			return { command, description };
		});
	if (commands.length > 100)
		throw invalid('commands', { en: 'Telegram takes at most 100 commands.', zh: 'Telegram 最多支持 100 条命令。' });
	return commands;
}
