import type { File, Rendered, Renders } from '../../define/channel';
import { invalid } from '../../base/errors';
import { type Language, type Text, fill } from '../../base/language';
import { fits } from '../../base/limit';
import { cutLine, isVisible, renderInTurns, type Fitted, type Loss, type RenderOptions } from '../../markup';
import type { Format, Message } from '../../message/message';
import { composeSource, type Composed } from './composing';
import { Losses } from './losses';
import { printedUnrung, unrung } from './unrung';
import { nothingEnclosed, type Enclosures } from '../enclosures';

export interface Rendering {
	parts: Rendered[];
	/** One for each kind and part. */
	losses: Loss[];
	warnings: Text[];
}

/** What becomes of a text that is too long for one message. */
export interface Fitting {
	overflow: 'split' | 'cut' | 'file';
	maxParts: number;
}

const words = {
	more: { en: '… and {n} more characters were left out', zh: '……另有 {n} 个字符未发送' },
	one: { en: '… and 1 more character was left out', zh: '……另有 1 个字符未发送' },
	whole: { en: '… the whole text is in the file {name}', zh: '……全文见文件 {name}' },
} as const;

/**
 * Makes the channel's parts of a message, of what is at hand. What the channel cannot show is written another way, or left out and named.
 * A long text takes several turns of the event loop.
 * @throws ChannelError `Invalid('message')` where there is nothing to send, also once it is rendered
 */
export function renderParts(
	given: Message,
	renders: Renders,
	fitting: Fitting,
	language: Language,
	enclosed: Enclosures = nothingEnclosed,
): Rendering | Promise<Rendering> {
	const message = unrung(given, renders);
	const { image, files } = enclosed;
	const compose = (shown: Renders) => {
		const losses = new Losses();
		for (const kind of enclosed.degraded) losses.add(kind);
		return { ...composeSource(message, shown, language, enclosed, losses), losses };
	};
	const isEmpty = ({ source, title }: Composed) => source === '' && !title && !image && files.length === 0;
	let composed = compose(renders);
	// Few services take fields or buttons without a text: then they are the text.
	if (isEmpty(composed)) composed = compose({ ...renders, fields: undefined, buttons: undefined, url: undefined });
	if (isEmpty(composed)) throw empty();
	const { losses } = composed;
	const options = optionsFor(composed, renders, fitting, language, image);
	const complete = (fitted: Fitted) =>
		finish(fitted, composed, options, { message, renders, fitting, enclosed, losses });
	const fitted = renderInTurns(composed.source, options);
	if (fitted instanceof Promise) return fitted.then((each) => orRaw(each, composed, options)).then(complete);
	const seen = orRaw(fitted, composed, options);
	return seen instanceof Promise ? seen.then(complete) : complete(seen);
}

const empty = () => invalid('message', { en: 'The message is empty: fill in a text.', zh: '消息为空：请填写内容。' });

function optionsFor(
	{ format }: Composed,
	renders: Renders,
	fitting: Fitting,
	language: Language,
	image: File | undefined,
): RenderOptions {
	const { markup: dialect, limit, captionLimit } = renders;
	const common = { format, dialect, limit, first: (image && captionLimit) || undefined };
	if (takesText(renders, fitting)) {
		const said = fill(words.whole, { name: fileNames[format].name })[language];
		return { ...common, overflow: 'split', most: 1, note: () => said };
	}
	if (renders.single || fitting.overflow === 'cut') return { ...common, overflow: 'cut' };
	const note = (left: number) =>
		left === 1 ? words.one[language] : fill(words.more, { n: left.toLocaleString('en') })[language];
	return { ...common, overflow: 'split', most: fitting.maxParts, note };
}

/** The whole of a text that is too long goes along as a file. */
const takesText = ({ attachments }: Renders, { overflow }: Fitting) =>
	overflow === 'file' && (attachments === 'bytes' || attachments === 'both');

const fileNames: Record<Format, { name: string; mime: string }> = {
	markdown: { name: 'message.md', mime: 'text/markdown' },
	html: { name: 'message.html', mime: 'text/html' },
	text: { name: 'message.txt', mime: 'text/plain' },
};

/** What is nothing to a reader once it is rendered (`&nbsp;`, a link without words) goes as it was written. */
function orRaw(fitted: Fitted, { source, body }: Composed, options: RenderOptions): Fitted | Promise<Fitted> {
	return fitted.visible || source === '' || !isVisible(body)
		? fitted
		: renderInTurns(body, { ...options, format: 'text' });
}

function finish(
	fitted: Fitted,
	{ source, format, title, kept }: Composed,
	options: RenderOptions,
	given: { message: Message; renders: Renders; fitting: Fitting; enclosed: Enclosures; losses: Losses },
): Rendering {
	const { message, renders, fitting, enclosed, losses } = given;
	const { image } = enclosed;
	const files = [...enclosed.files];
	const shownTitle = title && renders.title ? cutLine(title, renders.title) : undefined;
	if (!fitted.visible && !image && files.length === 0 && !(shownTitle && isVisible(shownTitle))) throw empty();
	for (const { kind, count, part } of fitted.losses) losses.add(kind, count, part);
	if (fitted.cut && takesText(renders, fitting)) files.push({ ...fileNames[format], data: Buffer.from(source) });
	if (title && shownTitle && renders.title && !fits(title, renders.title))
		losses.add('title', Math.max(1, title.length - shownTitle.length));
	const count = fitted.parts.length;
	const named = renders.unring ? files.map((file) => ({ ...file, name: renders.unring!(file.name) })) : files;
	const plain = fitted.parts.map((body, index): Rendered => ({
		title: shownTitle,
		body,
		markup: options.dialect,
		index,
		count,
		image: index === 0 ? image : undefined,
		attachments: index === 0 ? named : [],
		buttons: index === count - 1 ? kept.buttons : [],
		fields: index === count - 1 ? kept.fields : [],
		mentions: index === 0 && renders.mentions ? (message.mentions ?? []) : [],
		level: renders.level ? message.level : undefined,
		url: kept.url,
		silent: message.silent ? renders.silent : undefined,
		source: message,
	}));
	const parts = plain.map((part) => printedUnrung(part, renders));
	return { parts, losses: losses.all, warnings: [...enclosed.warnings] };
}
