import { Refusal } from '../http/incoming';
import { shownLink } from '../base/shownLink';
import { escapeMarkdown } from '../markup';
import type { Message } from '../message/message';
import type { Context, Reading } from '../define/sender';
import { note } from './note';
import { present, some, text } from './reading';

/** What a tool said in the form of a service that is not ours, part by part. */
export interface Relayed extends Partial<Omit<Message, 'type' | 'to' | 'edit'>> {
	source: string;
	rawType?: string;
	/** Under what name the tool speaks: stands in place of a title that is missing. */
	who?: string;
	raw: unknown;
	/** What it says beside the body, in a header or an address. */
	beside?: unknown;
}

/**
 * As a message. @throws Refusal where it says nothing: the service itself takes no such thing either
 */
export function relay(told: Relayed, context: Context): Reading {
	const { who, beside, raw, title: given, body = '', ...parts } = told;
	const said = text(given);
	const { fields = [], buttons = [], attachments = [], image, url, ...rest } = parts;
	const isEmpty = said === undefined && body.trim() === '' && !image && url === undefined;
	if (isEmpty && fields.length + buttons.length + attachments.length === 0) throw nothingSaid;
	const title = (said ?? (body.trim() === '' ? undefined : who))?.replace(/\s+/g, ' ');
	const reading = note(
		present({
			...rest,
			title,
			body,
			image,
			url,
			...(fields.length > 0 && { fields }),
			...(buttons.length > 0 && { buttons }),
			...(attachments.length > 0 && { attachments }),
			verbatim: true,
			raw,
			same: beside === undefined ? undefined : [raw, beside],
		}),
		context,
	);
	return { ...reading, event: present({ ...reading.event, user: some({ name: who }) }) };
}

export const nothingSaid = new Refusal(400, {
	en: 'The message is empty: there is neither text nor a picture, field, file or link in it.',
	zh: '消息为空：没有文字、图片、字段、文件或链接。',
});

/** Lines that are there, one below the other. */
export const lines = (...given: readonly (string | undefined)[]) =>
	given.filter((line) => line !== undefined && line.trim() !== '').join('\n');

/** The same as paragraphs. */
export const paragraphs = (...given: readonly (string | undefined)[]) =>
	given.filter((line) => line !== undefined && line.trim() !== '').join('\n\n');

export const jsonReply = (status: number, value: unknown) => ({
	status,
	headers: { 'content-type': 'application/json; charset=utf-8' },
	body: JSON.stringify(value),
});

export const textReply = (status: number, body: string) => ({
	status,
	headers: { 'content-type': 'text/plain; charset=utf-8' },
	body,
});

/** A piece of a line, whose blanks at both ends part it from others. */
export function escapedRun(text: string, start = '', end = ''): string {
	const core = text.trim();
	if (core === '') return text;
	const at = text.indexOf(core);
	return `${text.slice(0, at)}${start}${escapeMarkdown(core)}${end}${text.slice(at + core.length)}`;
}

/** A link in Markdown, of parts that stood apart: one that means nothing outside, or opens something, leaves its words. */
export function linkOf(words: string | undefined, address: unknown): string {
	const link = shownLink(address);
	const named = words && escapeMarkdown(words);
	if (link === undefined) return named ?? '';
	return named
		? `[${named}](${/[()<>\s\\]/.test(link) ? new URL(link).href.replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29')) : link})`
		: `<${link}>`;
}
