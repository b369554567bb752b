import type { Channel, Renders } from '../src/core/define/channel';
import { isShown, readOne, type FieldKind, type Fields } from '../src/core/base/field';
import type { Language, Text } from '../src/core/base/language';
import type { Limit } from '../src/core/base/limit';
import type { Flow } from '../src/core/define/flow';
import { pagePath } from '../src/core/define/page';
import { isPassing, type Passing } from '../src/core/define/passing';
import type { Trigger } from '../src/core/define/trigger';
import { runsIn, type Found } from './definitions';

/** The README's tables, by the name of their markers; a table without rows says so instead. */
export function tables(found: readonly Found[], language: Language): Record<string, string> {
	const channels = found.filter((one): one is Found<Channel> => one.kind === 'channel');
	const triggers = found.filter((one): one is Found<Trigger> => one.kind === 'trigger');
	const flows = found.filter((one): one is Found<Flow | Passing> => one.kind === 'flow');
	return {
		channels: table(
			[
				{ en: 'Channel', zh: '渠道' },
				{ en: 'Account', zh: '账号' },
				{ en: 'Text, one part', zh: '单条正文' },
				{ en: 'Also shows', zh: '还能显示' },
				{ en: 'More operations', zh: '更多操作' },
			],
			channels.map(({ definition }) => channelRow(definition, language)),
			language,
		),
		triggers: table(
			[
				{ en: 'Trigger', zh: '触发器' },
				{ en: 'Takes', zh: '接收' },
				{ en: 'Runs in', zh: '可用于' },
			],
			triggers.map((one) => triggerRow(one, language)),
			language,
		),
		flow: table(
			[
				{ en: 'Node', zh: '节点' },
				{ en: 'What it does', zh: '作用' },
				{ en: 'Outputs', zh: '输出' },
			],
			flows.map(({ definition }) => flowRow(definition, language)),
			language,
		),
	};
}

function table(head: Text[], rows: string[][], language: Language): string {
	const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	if (rows.length === 0) return language === 'en' ? 'None yet.' : '暂无。';
	return [line(head.map((text) => text[language])), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const link = ({ name, zh, docs }: { name: string; zh: string; docs: string }, language: Language) =>
	`[${language === 'en' ? name : zh}](${docs})`;

const join = (words: readonly string[], language: Language) =>
	words.length ? words.join(language === 'en' ? ', ' : '、') : '–';

function channelRow(channel: Channel, language: Language): string[] {
	const renders = usualRenders(channel);
	return [
		link(channel, language),
		join(needs(channel, language), language),
		`${dialectNames[renders.markup]?.[language] ?? 'Markdown'}${language === 'en' ? ', ' : '，'}${limitText(renders.limit, language)}`,
		join(shows(renders, language), language),
		join(
			Object.values(channel.actions).map(({ name, zh }) => (language === 'en' ? name : zh)),
			language,
		),
	];
}

/** What a node shows as it comes, before anybody touches an option. */
export function usualRenders(channel: Channel): Renders {
	return channel.renders({
		account: defaultsOf(channel.account) as Parameters<Channel['renders']>[0]['account'],
		options: defaultsOf(channel.options),
		message: { body: '' },
	});
}

/** As `read` gives them; for what has to be filled in stands what the form suggests. */
const defaultsOf = (fields: Fields) =>
	Object.fromEntries(
		Object.entries(fields).map(([key, field]) => {
			const { default: value, placeholder = '-', optional } = field;
			const suggested = typed.includes(field.kind) && !optional ? placeholder : undefined;
			return [key, readOne(key, field, value ?? suggested, false)];
		}),
	);

const typed: readonly FieldKind[] = ['text', 'multiline', 'secret', 'secrets', 'url', 'list'];

/** Fields of the account that nobody can leave as they are. */
function needs({ account }: Channel, language: Language): string[] {
	return Object.entries(account)
		.filter(([key]) => isShown(account, key, {}))
		.map(([, field]) => field)
		.filter(
			({ optional, default: value, kind }) =>
				!optional && value === undefined && kind !== 'toggle' && kind !== 'choices',
		)
		.map(({ label }) => label[language]);
}

export const dialectNames: Partial<Record<Renders['markup'], Text>> = {
	plain: { en: 'Plain text', zh: '纯文本' },
	telegramHtml: { en: 'Formatted text', zh: '富文本' },
	mailHtml: { en: 'HTML', zh: 'HTML' },
};

const unitNames: Record<Limit['unit'], Text> = {
	bytes: { en: 'bytes', zh: '字节' },
	utf16: { en: 'characters', zh: '字符' },
	chars: { en: 'characters', zh: '字符' },
};

export function limitText({ max, unit }: Limit, language: Language): string {
	if (!Number.isFinite(max) || max >= 1_000_000) return language === 'en' ? 'any length' : '长度不限';
	const count = max.toLocaleString('en-US');
	return language === 'en' ? `${count} ${unitNames[unit].en}` : `${count} ${unitNames[unit].zh}`;
}

function shows(renders: Renders, language: Language): string[] {
	const parts: [unknown, Text][] = [
		[renders.title, { en: 'title', zh: '标题' }],
		[renders.image, { en: 'picture', zh: '图片' }],
		[renders.attachments, { en: 'files', zh: '文件' }],
		[renders.buttons, { en: 'buttons', zh: '按钮' }],
		[renders.fields, { en: 'fields', zh: '字段' }],
		[renders.mentions, { en: 'mentions', zh: '@提及' }],
		[renders.level, { en: 'level', zh: '级别' }],
		[renders.url, { en: 'link', zh: '链接' }],
	];
	return parts.filter(([shown]) => shown).map(([, text]) => text[language]);
}

function triggerRow(one: Found<Trigger>, language: Language): string[] {
	const { definition } = one;
	const hosts = [...(runsIn(one, 'n8n') ? ['n8n'] : []), ...(runsIn(one, 'node-red') ? ['Node-RED'] : [])];
	return [
		link(definition, language),
		[definition.description[language], ...senders(definition, language)].join('<br>'),
		join(hosts, language),
	];
}

function flowRow(flow: Flow | Passing, language: Language): string[] {
	const { id, name, zh, description, outputs } = flow;
	const branches = isPassing(flow) && flow.branches ? [flow.branches.output] : [];
	return [
		`[${language === 'en' ? name : zh}](docs/${pagePath('flow', id, language)})`,
		description[language],
		join(
			[...branches, ...outputs].map((output) => output[language]),
			language,
		),
	];
}

/** Those that a trigger tells apart, beside recognising them by itself. */
function senders({ options: { sender } }: Trigger, language: Language): string[] {
	const named = Object.entries(sender?.options ?? {}).filter(([value]) => value !== 'auto');
	return named.length > 0
		? [
				join(
					named.map(([, label]) => label[language]),
					language,
				),
			]
		: [];
}
