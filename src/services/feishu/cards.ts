import { choice, chars, json, text, type Rendered, type Show } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { byTables, render, type Dialect } from '../../core/markup';
import type { Level } from '../../core/message/message';
import { jsonObject } from '../../core/define/fields/jsonObject';
import { variables, variablesOf, type Variable } from '../../core/define/fields/variables';

export const cardFields = (show: Show) => ({
	cardVersion: choice(
		'Card format',
		{ '1.0': ['1.0', '1.0'], '2.0': ['2.0: Feishu 7.20 or later', '2.0：飞书 7.20 及以上'] },
		{ zh: '卡片格式', default: '1.0', show },
	),
	headerColor: choice(
		'Header colour',
		{
			blue: ['Blue', '蓝'],
			wathet: ['Light blue', '浅蓝'],
			turquoise: ['Turquoise', '青'],
			green: ['Green', '绿'],
			yellow: ['Yellow', '黄'],
			orange: ['Orange', '橙'],
			red: ['Red', '红'],
			carmine: ['Carmine', '洋红'],
			violet: ['Violet', '紫罗兰'],
			purple: ['Purple', '紫'],
			indigo: ['Indigo', '靛蓝'],
			grey: ['Grey', '灰'],
		},
		{
			zh: '标题颜色',
			optional: true,
			show,
			help: { en: 'Empty: by the message’s level', zh: '留空则随消息级别变化' },
		},
	),
	card: json('Card', {
		zh: '卡片 JSON',
		optional: true,
		show,
		placeholder: '{"schema": "2.0", "body": {"elements": []}}',
		help: {
			en: 'A whole card, instead of one made from the message: build it at https://open.feishu.cn/cardkit and copy its JSON',
			zh: '完整的卡片 JSON，替代由消息生成的卡片：可在 https://open.feishu.cn/cardkit 搭建后复制其 JSON',
		},
	}),
	templateId: text('Card template', { zh: '卡片模板 ID', optional: true, show, placeholder: 'AAqk…' }),
	templateVersion: text('Template version', { zh: '模板版本', optional: true, show, placeholder: '1.0.0' }),
	templateVariables: variables('Template variables', {
		zh: '模板变量',
		show,
		help: {
			en: 'Empty: title, body, url, level, time and the message’s fields by name',
			zh: '留空则传入 title、body、url、level、time 及消息字段',
		},
	}),
});

/** The dialect of a card's text, by its version. */
export const cardMarkup = ({ cardVersion }: Pick<CardOptions, 'cardVersion'>): Dialect =>
	cardVersion === '2.0' ? 'feishuCard' : 'larkMd';

export interface CardOptions {
	cardVersion?: '1.0' | '2.0';
	headerColor?: string;
	card?: VendorJson;
	templateId?: string;
	templateVersion?: string;
	templateVariables: readonly Variable[];
}

const colors: Record<Level, string> = { info: 'blue', success: 'green', warning: 'orange', failure: 'red' };

/**
 * The card of a message.
 * @param imageKey of a picture that was uploaded
 * @param mentions ids, or `all`
 * @param canChange whether it may be changed later
 * @throws ChannelError `Invalid`
 */
export function feishuCard(
	message: Rendered,
	options: CardOptions,
	imageKey: string | undefined,
	mentions: readonly string[],
	canChange = false,
): VendorJson {
	const { card, templateId } = options;
	if (card !== undefined) return jsonObject(card, 'card', { en: 'Card', zh: '卡片 JSON' });
	if (templateId !== undefined) return template(message, options, templateId);
	const { title, level, url } = message;
	// Only a card that all its readers share can be.
	const config = { wide_screen_mode: true, ...(canChange && { update_multi: true }) };
	const header =
		title === undefined
			? undefined
			: { title: plain(title), template: options.headerColor ?? colors[level ?? 'info'] };
	const link = url === undefined ? undefined : { url };
	const elements = elementsOf(message, options.cardVersion ?? '1.0', imageKey, mentions);
	return options.cardVersion === '2.0'
		? { schema: '2.0', header, body: { elements }, card_link: link }
		: { config, header, elements, card_link: link };
}

function template(
	{ title, body, url, level, source }: Rendered,
	{ templateVersion, templateVariables }: CardOptions,
	id: string,
): VendorJson {
	const fields = Object.fromEntries((source.fields ?? []).map(({ name, value }) => [name, value]));
	const given = variablesOf(templateVariables);
	const variables =
		given === undefined
			? { ...fields, title: title ?? '', body, url: url ?? '', level: level ?? 'info', time: source.time ?? '' }
			: given;
	return {
		type: 'template',
		data: { template_id: id, template_version_name: templateVersion, template_variable: variables },
	};
}

function elementsOf(
	{ body, fields, buttons }: Rendered,
	version: '1.0' | '2.0',
	imageKey: string | undefined,
	mentions: readonly string[],
): VendorJson[] {
	const form = forms[version];
	const words = [body, mentions.map((id) => `<at id=${id}></at>`).join(' ')].filter((part) => part !== '').join('\n');
	return [
		...(imageKey === undefined ? [] : [{ tag: 'img', img_key: imageKey, alt: plain('') }]),
		...(words === '' ? [] : form.words(words)),
		...(fields.length === 0 ? [] : [form.fields(fields)]),
		...(buttons.length === 0 ? [] : form.buttons(buttons)),
	];
}

interface Form {
	words(text: string): VendorJson[];
	fields(fields: Rendered['fields']): VendorJson;
	buttons(buttons: Rendered['buttons']): VendorJson[];
}

const forms: Record<'1.0' | '2.0', Form> = {
	'1.0': {
		words: (text) => [{ tag: 'div', text: larkMd(text) }],
		fields: (fields) => ({
			tag: 'div',
			fields: fields.map(({ name, value, short }) => ({
				is_short: short ?? value.length <= 24,
				text: larkMd(pair(name, value, '\n', 'larkMd')),
			})),
		}),
		buttons: (buttons) => [
			{
				tag: 'action',
				actions: buttons.map(({ url, value, ...look }) => ({
					...button(look),
					...(url === undefined ? { value: { value } } : { url }),
				})),
			},
		],
	},
	'2.0': {
		words: (text) => byTables(text).map((content) => ({ tag: 'markdown', content })),
		fields: (fields) => ({
			tag: 'markdown',
			content: fields.map(({ name, value }) => pair(name, value, '  ', 'feishuCard')).join('\n'),
		}),
		buttons: (buttons) =>
			buttons.map(({ url, value, ...look }) => ({
				...button(look),
				behaviors: [
					url === undefined ? { type: 'callback', value: { value } } : { type: 'open_url', default_url: url },
				],
			})),
	},
};

const plain = (content: string) => ({ tag: 'plain_text', content });
const larkMd = (content: string) => ({ tag: 'lark_md', content });

/** Names and values are no markup. */
const literal = (value: string, dialect: Dialect) =>
	render(value, { format: 'text', dialect, limit: chars(2_000), overflow: 'cut' }).parts[0] ?? '';
const pair = (name: string, value: string, between: string, dialect: Dialect) =>
	`**${literal(name, dialect)}**${between}${literal(value, dialect)}`;

const button = ({ text: label, style }: Pick<Rendered['buttons'][number], 'text' | 'style'>) => ({
	tag: 'button',
	text: plain(label),
	type: style ?? 'default',
});
