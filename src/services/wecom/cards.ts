import { createHash } from 'node:crypto';
import {
	chars,
	choice,
	invalid,
	json,
	text,
	url,
	type Rendered,
	type Renders,
	type Show,
} from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { cutLine } from '../../core/markup';
import type { Level } from '../../core/message/message';
import { jsonObject } from '../../core/define/fields/jsonObject';

/** Those that only show something; a robot knows no others. */
export const noticeCards = {
	auto: ['By the picture: with one, news notice', '自动：有图片时用图文展示型'],
	text_notice: ['Text notice', '文本通知型'],
	news_notice: ['News notice', '图文展示型'],
} as const;

/** Those that people answer; the answer comes to the app's callback. */
export const interactiveCards = {
	button_interaction: ['Buttons', '按钮交互型'],
	vote_interaction: ['Vote', '投票选择型'],
	multiple_interaction: ['Several selections', '多项选择型'],
} as const;

export type CardType = keyof typeof noticeCards | keyof typeof interactiveCards;

export const cardFields = <const T extends Readonly<Record<string, readonly [string, string]>>>(
	types: T,
	show: Show,
) => ({
	cardType: choice(
		'Card type',
		types as unknown as Readonly<Record<Extract<keyof T, string>, readonly [string, string]>>,
		{ zh: '卡片类型', default: 'auto' as never, show },
	),
	sourceName: text('Source name', { zh: '来源名称', optional: true, show }),
	sourceIcon: url('Source icon', { zh: '来源图标', optional: true, show }),
	emphasis: text('Key figure', {
		zh: '关键数据',
		optional: true,
		show,
		help: { en: 'Shown large, on a text notice', zh: '大字显示，仅用于文本通知型' },
	}),
	quote: text('Quotation', { zh: '引用内容', optional: true, show }),
	card: json('Card', {
		zh: '卡片 JSON',
		optional: true,
		show,
		placeholder: '{"vertical_content_list": [{"title": "…", "desc": "…"}]}',
		help: {
			en: 'Parts of WeCom’s own template_card, put over those made from the message: https://developer.work.weixin.qq.com/document/path/90236 lists them',
			zh: '企业微信 template_card 的任意字段，覆盖由消息生成的内容，字段见 https://developer.work.weixin.qq.com/document/path/90236',
		},
	}),
});

export interface CardOptions {
	cardType?: CardType;
	sourceName?: string;
	sourceIcon?: string;
	emphasis?: string;
	quote?: string;
	card?: VendorJson;
}

const isInteractive = (type: CardType | undefined): boolean => type !== undefined && type in interactiveCards;

/** What a card shows of a message. WeCom's own lengths are recommendations: it shows less on a small screen. */
export const cardRenders = ({ cardType, sourceName, sourceIcon }: CardOptions): Renders => ({
	markup: 'plain',
	limit: chars(500),
	title: chars(128),
	...(!isInteractive(cardType) && cardType !== 'text_notice' && { image: 'url' }),
	fields: 6,
	// The first button of a question is the one that submits it.
	buttons: isInteractive(cardType) ? { most: cardType === 'button_interaction' ? 6 : 1, values: true } : { most: 3 },
	// The source's colour.
	level: (sourceName ?? sourceIcon) !== undefined,
	url: true,
	single: true,
});

/** 1 black, 2 red, 3 green. */
const colors: Partial<Record<Level, number>> = { failure: 2, success: 3 };

/**
 * WeCom's `template_card` of a message: fields become lines, links of buttons a list, the message's link the whole card's.
 * @param task id of an interactive card's question
 * @throws ChannelError `Invalid`
 */
export function templateCard(message: Rendered, options: CardOptions, task?: string): VendorJson {
	const over = cardOf(options.card);
	const type = typeOf(message, options);
	const { title, body, image, fields, buttons, level, url: link } = message;
	const news = type === 'news_notice';
	const heading = title ?? cutLine(body.split('\n')[0]!, chars(64));
	const words = title === undefined && body === heading ? '' : body;
	const action = link ?? buttons.find((button) => button.url !== undefined)?.url;
	const card: VendorJson = {
		card_type: type,
		...((options.sourceName ?? options.sourceIcon) && {
			source: {
				icon_url: options.sourceIcon,
				desc: options.sourceName,
				desc_color: (level && colors[level]) ?? 0,
			},
		}),
		main_title: {
			title: heading,
			...(type !== 'text_notice' && words !== '' && { desc: words }),
		},
		...(type === 'text_notice' && {
			...(words !== '' && { sub_title_text: words }),
			...(options.emphasis !== undefined && { emphasis_content: { title: options.emphasis } }),
		}),
		...(news && image?.url !== undefined && { card_image: { url: image.url, aspect_ratio: 1.3 } }),
		...(options.quote !== undefined && { quote_area: { type: 0, quote_text: options.quote } }),
		...(fields.length > 0 && { horizontal_content_list: fields.map(({ name, value }) => line(name, value)) }),
		...(isInteractive(type)
			? interaction(type, message, task)
			: { jump_list: buttons.map((button) => ({ type: 1, title: button.text, url: button.url })) }),
		...(action !== undefined && { card_action: { type: 1, url: action } }),
		...(over.action_menu !== undefined && { task_id: task }),
		...over,
	};
	if (!card.jump_list?.length) delete card.jump_list;
	complete(card);
	return card;
}

const typeOf = ({ image }: Rendered, { cardType, card }: CardOptions): CardType =>
	cardOf(card).card_type ??
	(cardType === undefined || cardType === 'auto'
		? image?.url === undefined
			? 'text_notice'
			: 'news_notice'
		: cardType);

const line = (keyname: string, value: string) =>
	/^https?:\/\/\S+$/.test(value) && URL.canParse(value)
		? { type: 1, keyname, value: new URL(value).host, url: value }
		: { keyname, value };

function interaction(type: CardType, { buttons }: Rendered, task: string | undefined): VendorJson {
	if (type !== 'button_interaction')
		return { task_id: task, submit_button: { text: buttons[0]?.text ?? 'OK', key: buttons[0]?.value ?? 'submit' } };
	const list = buttons.map(({ text: label, url: link, value, style }, index) => ({
		text: label,
		style: style === 'danger' ? 3 : style === 'primary' || index === 0 ? 1 : 2,
		...(value === undefined && link !== undefined ? { type: 1, url: link } : { type: 0, key: value ?? label }),
	}));
	return { task_id: task, button_list: list };
}

const cardOf = (given: VendorJson): VendorJson =>
	given === undefined ? {} : jsonObject(given, 'card', { en: 'Card', zh: '卡片 JSON' });

/** WeCom's own word for what is missing is “invalid parameter”. */
function complete(card: VendorJson): void {
	const lacks = (part: string, en: string, zh: string) => {
		throw invalid('card', { en: `This card needs ${part}: ${en}.`, zh: `该卡片缺少 ${part}：${zh}。` }, part);
	};
	const { card_type: type } = card;
	if ((type === 'text_notice' || type === 'news_notice') && !card.card_action) {
		lacks(
			'card_action',
			'give the message a url or a button with one, or put it into “Card”',
			'请在消息中提供 url 或带链接的按钮，或写入“卡片 JSON”',
		);
	}
	if (type === 'news_notice' && !card.card_image && !card.image_text_area) {
		lacks('card_image', 'give the message a picture at a public address', '请为消息提供公网可访问的图片');
	}
	if (type === 'button_interaction' && !card.button_list?.length)
		lacks('button_list', 'give the message buttons', '请为消息提供按钮');
	if (type === 'vote_interaction' && !card.checkbox) lacks('checkbox', 'put it into “Card”', '请写入“卡片 JSON”');
	if (type === 'multiple_interaction' && !card.select_list)
		lacks('select_list', 'put it into “Card”', '请写入“卡片 JSON”');
}

/** Of a message's key: at most 128 bytes of digits, letters and `_-@`. */
export const taskId = (key: string) =>
	/^[\w@-]{1,128}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');
