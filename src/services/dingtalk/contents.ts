import { bytes, chars, invalid, jsonBytes, type Renders } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import type { Message } from '../../core/message/message';
import { type Input, type Kind, type Options } from './fields';
import { withKeyword } from '../../core/define/fields/keyword';
import { markdownImage } from '../../core/markup/markdownImage';
import { requiredTitle } from '../../core/define/requiredTitle';

/** A card cannot ring anybody's bell: who mentions somebody gets Markdown. */
export function kindOf(
	{ kind, atMobiles, atUserIds, isAtAll }: Options,
	{ buttons = [], mentions = [] }: Message,
): Kind {
	if (kind !== 'auto') return kind;
	const rings = isAtAll || atMobiles.length + atUserIds.length + mentions.length > 0;
	return !rings && buttons.some((button) => button.url) ? 'actionCard' : 'markdown';
}

/** The whole message may have 20 000 bytes; a link that opens in the browser is about twice as long. */
export function renderings({ openIn }: Options): Record<Kind, Renders> {
	const limit = jsonBytes(openIn === 'browser' ? 10_000 : 18_000);
	// Markdown's own title shows in the list of chats alone, so the body keeps the message's.
	const markdown: Renders = { markup: 'dingtalk', limit, image: 'url' };
	const row: Renders = {
		markup: 'plain',
		limit: bytes(1_000),
		title: bytes(200),
		image: 'url',
		url: true,
		single: true,
	};
	return {
		text: { markup: 'plain', limit, mentions: true },
		markdown: { ...markdown, mentions: true },
		actionCard: { ...markdown, buttons: { most: 10 }, url: true },
		link: row,
		feedCard: row,
	};
}

export const contents: Record<Kind, (input: Input) => VendorJson> = {
	text: (input) => ({ content: withKeyword(input.message.body, wordOf(input)) }),

	markdown: (input) => ({ title: preview(input), text: markdownOf(input) }),

	link: (input) => {
		const { title, body, image } = input.message;
		const messageUrl = linkOf(input) ?? missing('A link message needs a link', '链接消息需要跳转链接');
		return {
			title: title ?? preview(input),
			text: withKeyword(body, wordOf(input), title),
			messageUrl,
			picUrl: image?.url,
		};
	},

	actionCard: (input) => {
		const card = { title: preview(input), text: markdownOf(input), btnOrientation: input.options.btnOrientation };
		const btns = buttonsOf(input);
		const [first, ...more] = btns;
		if (first === undefined)
			return missing('An action card needs a button or a link', 'ActionCard 需要按钮或跳转链接');
		return more.length > 0 ? { ...card, btns } : { ...card, singleTitle: first.title, singleURL: first.actionURL };
	},

	feedCard: (input) => {
		const { options: o, message } = input;
		if (o.links.length > 0) {
			return { links: o.links.map((link) => ({ ...link, messageURL: opened(input, link.messageURL) })) };
		}
		const messageURL = linkOf(input) ?? missing('A feed card needs a link', 'FeedCard 需要跳转链接');
		const title = withKeyword(message.title ?? preview(input), wordOf(input));
		return { links: [{ title, messageURL, picURL: message.image?.url }] };
	},
};

const details = { en: 'Details', zh: '查看详情' };

/** A line for the list of chats and the lock screen. */
const preview = ({ message, language }: Input) =>
	requiredTitle({ ...message, title: message.title ?? message.source.title }, chars(64), language);

function markdownOf(input: Input): string {
	const { body, image } = input.message;
	const { mobiles, ids } = mentioned(input);
	const names = [...mobiles, ...ids].map((name) => `@${name}`).filter((name) => !body.includes(name));
	const parts = [body, image?.url === undefined ? '' : markdownImage(image.url), names.join(' ')].filter(
		(part) => part !== '',
	);
	const whole = withKeyword(parts.join('\n\n'), wordOf(input));
	let room = most - Buffer.byteLength(whole);
	return whole.replace(links, (all, words: string, target?: string) => {
		if (target === undefined || words.startsWith('!')) return all;
		const link = opened(input, target);
		room -= Buffer.byteLength(link) - Buffer.byteLength(target);
		// Short links grow manifold: the last of very many open in the side bar, rather than nothing is sent.
		return room < 0 ? all : `${words}](${link})`;
	});
}

/** Also an opened bracket with no link behind it, so that what follows is looked through once. */
const links = /(!?\[(?:[^[\]\\!]|!(?!\[)|\\.)*)(?:\]\((https?:\/\/[^\s()]+)\))?/g;

/** Bytes of a text, with which the whole message keeps to its 20 000. */
const most = 19_000;

/** Only markdown that names somebody shows it, and rings once however many parts there are. */
function mentioned({ message, options: o }: Input): { mobiles: string[]; ids: string[]; all: boolean } {
	if (message.index > 0) return { mobiles: [], ids: [], all: false };
	const named = message.mentions.filter((each) => each !== '@all').map((each) => each.replace(/^@/, ''));
	const isMobile = (each: string) => /^(\+\d{1,4}-)?\d{11}$/.test(each);
	return {
		mobiles: [...new Set([...o.atMobiles, ...named.filter(isMobile)])],
		ids: [...new Set([...o.atUserIds, ...named.filter((each) => !isMobile(each))])],
		all: o.isAtAll || message.mentions.includes('@all'),
	};
}

export function atOf(input: Input, kind: Kind): { at?: VendorJson } {
	const { mobiles, ids, all } = mentioned(input);
	if (kind === 'link' || kind === 'feedCard' || !(all || mobiles.length + ids.length > 0)) return {};
	return { at: { atMobiles: mobiles, atUserIds: ids, isAtAll: all } };
}

function buttonsOf(input: Input): { title: string; actionURL: string }[] {
	const { options: o, message, language } = input;
	if (o.btns.length > 0)
		return o.btns.map((btn) => ({
			title: String(btn.title),
			actionURL: opened(input, btn.actionURL),
		}));
	const buttons = message.buttons.map((button) => ({ title: button.text, actionURL: opened(input, button.url) }));
	const link = linkOf(input);
	if (link !== undefined && !buttons.some((button) => button.actionURL === link))
		buttons.push({ title: details[language], actionURL: link });
	if (buttons.length === 1 && o.singleTitle !== undefined) buttons[0]!.title = o.singleTitle;
	return buttons;
}

function linkOf(input: Input): string | undefined {
	const link = input.options.url ?? input.message.url;
	return link === undefined ? undefined : opened(input, link);
}

/** DingTalk on a computer opens links in its side bar unless they are wrapped. */
function opened({ options: o }: Input, link: unknown): string {
	const target = String(link ?? '');
	return o.openIn === 'browser' && /^https?:/i.test(target)
		? `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(target)}&pc_slide=false`
		: target;
}

function missing(en: string, zh: string): never {
	throw invalid('url', {
		en: `${en}: fill in “Opens”, or give the message a url.`,
		zh: `${zh}：请填写“跳转链接”，或在消息中提供 url。`,
	});
}

const wordOf = ({ account, options: o }: Input) => o.keyword ?? account.keyword;
