import { createHash } from 'node:crypto';
import type { Json, Rendered } from '../../core/define/channel';
import type { NtfyOptions } from './options';
import { levelTags, priorities, topicPattern } from './protocol';

export interface Publication {
	title?: string;
	message: string;
	priority?: number;
	tags?: string[];
	click?: string;
	icon?: string;
	actions?: Json[];
	attach?: string;
	filename?: string;
	markdown?: true;
	delay?: string;
	email?: string;
	call?: string;
	cache?: 'no';
	firebase?: 'no';
	sequence_id?: string;
}

export function publicationOf(message: Rendered, o: NtfyOptions): Publication {
	const { source, index, level, silent } = message;
	const tag = o.levelTag && level ? levelTags[level] : undefined;
	const tags = [...(tag ? [tag] : []), ...o.tags];
	const id = o.id ?? source.key;
	const actions = o.actions.length > 0 ? o.actions.map(ownAction) : message.buttons.map(viewing);
	return {
		title: message.title,
		// Nothing at all would be shown as “triggered”.
		message: message.body || message.title || message.image?.name || '',
		priority: priorityOf(o.priority, level, silent),
		...(tags.length > 0 && { tags }),
		click: o.click ?? message.url,
		icon: o.icon,
		...(actions.length > 0 && { actions }),
		...(message.image?.url && !message.image.data && { attach: message.image.url, filename: message.image.name }),
		...(message.markup === 'markdown' && { markdown: true }),
		delay: o.delay,
		email: o.email,
		call: o.call,
		...(!o.cache && { cache: 'no' }),
		...(!o.firebase && { firebase: 'no' }),
		...(id !== undefined && { sequence_id: idOf(index === 0 ? id : `${id}#${index + 1}`) }),
	};
}

function priorityOf(chosen: NtfyOptions['priority'], level: Rendered['level'], silent: Rendered['silent']) {
	const wanted = chosen
		? Number(chosen)
		: level === 'failure'
			? priorities.max
			: level === 'warning'
				? priorities.high
				: undefined;
	return silent ? Math.min(wanted ?? priorities.low, priorities.low) : wanted;
}

const viewing = ({ text, url }: Rendered['buttons'][number]): Json => ({ action: 'view', label: text, url: url! });

function ownAction({
	action,
	label,
	url,
	method,
	headers,
	body,
	intent,
	extras,
	clear,
}: NtfyOptions['actions'][number]): Json {
	const own = {
		view: { url },
		http: { url, method, headers, body },
		broadcast: { intent, extras },
	}[action];
	return JSON.parse(JSON.stringify({ action, label, ...own, ...(clear && { clear }) })) as Json;
}

/** What ntfy takes is as free as a topic's name; what is another must still be the same for the same happening. */
export const idOf = (id: string) => (topicPattern.test(id) ? id : createHash('sha256').update(id).digest('base64url'));

/** In the headers of a file that goes up: what is no ASCII in encoded words, which have no limit of their own at ntfy. */
export function headersOf({
	message,
	title,
	priority,
	tags,
	actions,
	markdown,
	filename,
	sequence_id,
	...rest
}: Publication): Record<string, string | undefined> {
	return {
		// There a backslash with an n is a line break.
		message: encoded(message.replaceAll('\\n', '\\\u200bn')),
		title: encoded(title),
		priority: priority?.toString(),
		tags: encoded(tags?.join(',')),
		actions: actions && encoded(JSON.stringify(actions)),
		markdown: markdown && 'yes',
		filename: encoded(filename),
		'x-sequence-id': sequence_id,
		...Object.fromEntries(
			Object.entries(rest).map(([name, value]) => [name, encoded(value as string | undefined)]),
		),
	};
}

const encoded = (words: string | undefined) =>
	words === undefined || words === '' || /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(words)
		? words || undefined
		: `=?UTF-8?B?${Buffer.from(words).toString('base64')}?=`;
