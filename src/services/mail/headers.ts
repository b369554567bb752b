import { createHash } from 'node:crypto';
import { invalid, type Rendered } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import type { MailOptions } from './options';

/** A line break in a header would start a header of the sender's own choosing; it and its kin become a blank. */
export const headerLine = (value: string) =>
	value
		// Colours of a terminal, as logs have them.
		.replace(/\x1b\[[0-?]{0,20}[@-~]/g, '')
		.replace(/[\x00-\x20\x7f-\x9f\u2028\u2029]+/g, ' ')
		.trim();

/** What somebody wrote into a header's own field: one with a line break is no mistake of a machine. */
function ownLine(field: string, label: Text, value: string): string {
	if (!/[\r\n]/.test(value.trim())) return headerLine(value);
	throw invalid(field, {
		en: `“${label.en}” holds a line break, which no mail header may.`,
		zh: `“${label.zh}”含有换行，邮件头不允许。`,
	});
}

/** `ann@example.com` or `Ann <ann@example.com>`, with a name that needs it in quotes. */
export function checkAddress(field: string, label: Text, given: string): string {
	const value = tidied(headerLine(given));
	const address = bareAddress(value);
	if (!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address))
		throw invalid(field, {
			en: `“${value}” in “${label.en}” is no mail address: write ann@example.com or Ann <ann@example.com>.`,
			zh: `“${label.zh}”中的“${value}”不是邮件地址：请写成 ann@example.com 或 Ann <ann@example.com>。`,
		});
	const name = address === value ? '' : value.slice(0, value.lastIndexOf('<')).trim();
	if (name === '') return address;
	const isPlain = /^"(?:[^"\\]|\\.)*"$/.test(name) || !/[()<>[\]:;@\\,."]/.test(name);
	return `${isPlain ? name : `"${name.replace(/(?<!\\)"|\\(?!["\\])/g, '\\$&')}"`} <${address}>`;
}

const stops = ' \t\r\n;；、，,';

function withoutStops(text: string): string {
	let end = text.length;
	while (end > 0 && stops.includes(text[end - 1]!)) end--;
	return text.slice(0, end).trimStart();
}

const isBare = (word: string) => /^[^\s<>()"@]+@[^\s<>()"@]+$/.test(word);

/** What people paste with an address: `mailto:`, a stop at its end, the name behind it in brackets. */
function tidied(given: string): string {
	const value = withoutStops(given).replace(/^mailto:/i, '');
	const at = value.indexOf(' (');
	const address = value.slice(0, at);
	return at > 0 && value.endsWith(')') && isBare(address) ? `${value.slice(at + 2, -1)} <${address}>` : value;
}

/**
 * The addresses of a list as people and mail programs write it: at commas and semicolons of any script and at blanks
 * between bare addresses, but not within quotes, nor within a name (`Doe, Jane <jane@example.com>`).
 */
export function addressesIn(texts: readonly string[]): string[] {
	// What stood between two texts was a comma, or nothing that counts.
	const pieces = texts.flatMap((text) => [
		...(text.match(/(?:"[^"]*"|[^;；、，,\n"]|")+[;；、，,\n]?/g) ?? []),
		', ',
	]);
	const found: string[] = [];
	let name = '';
	for (const piece of pieces) {
		const whole = withoutStops(name + piece);
		if (whole === '') continue;
		if (!whole.includes('@')) {
			name += piece;
			continue;
		}
		name = '';
		const words = whole.split(/\s/).filter((word) => word !== '');
		found.push(...(words.every(isBare) ? words : [whole]));
	}
	const rest = withoutStops(name);
	return rest === '' ? found : [...found, rest];
}

/** `Ann <ann@example.com>` → `ann@example.com` */
export const bareAddress = (value: string) => /^[^<>]*<([^<>]+)>$/s.exec(value)?.[1]?.trim() ?? value;
export const domainOf = (address: string) => bareAddress(address).split('@').at(-1)!;
const bracketed = (id: string) => (/^<.*>$/s.test(id.trim()) ? id.trim() : `<${id.trim()}>`);

/** These are written from the other fields. */
const own =
	/^(from|to|cc|bcc|subject|date|message-id|mime-version|content-.*|in-reply-to|references|reply-to|return-path|sender)$/i;

export function headersOf(message: Rendered, options: MailOptions, domain: string): Record<string, string> {
	const { priority, threadByKey, autoSubmitted, unsubscribe } = options;
	const all: Record<string, string> = {};
	const urgency = priority === 'level' ? (message.level === 'failure' ? 'high' : 'normal') : priority;
	if (urgency !== 'normal')
		Object.assign(all, {
			'X-Priority': urgency === 'high' ? '1 (Highest)' : '5 (Lowest)',
			Importance: urgency === 'high' ? 'High' : 'Low',
		});
	// Nothing has this id; mailboxes put what refers to the same one into one conversation.
	const root =
		threadByKey && message.source.key
			? `<${createHash('sha256').update(message.source.key).digest('hex').slice(0, 32)}.carillon@${domain}>`
			: undefined;
	const parent = options.inReplyTo
		? ownLine('inReplyTo', { en: 'In reply to', zh: '回复的邮件' }, bracketed(options.inReplyTo))
		: root;
	if (parent) all['In-Reply-To'] = parent;
	const references = [
		...options.references.map((id) => ownLine('references', { en: 'References', zh: '引用的邮件' }, bracketed(id))),
		...(root ? [root] : []),
		...(parent && parent !== root ? [parent] : []),
	];
	if (references.length > 0) all.References = references.join(' ');
	if (autoSubmitted) all['Auto-Submitted'] = 'auto-generated';
	if (unsubscribe) Object.assign(all, unsubscribing(unsubscribe));
	for (const { name, value = '' } of options.headers) {
		if (!/^[!-9;-~]+$/.test(name) || own.test(name))
			throw invalid('headers', {
				en: `The header “${name}” cannot be set here.`,
				zh: `邮件头“${name}”不能在此设置。`,
			});
		all[name] = ownLine('headers', { en: name, zh: name }, value);
	}
	return all;
}

function unsubscribing(given: string): Record<string, string> {
	const targets = given
		.split(',')
		.map((each) => each.trim())
		.filter(Boolean)
		.map((each) => (/^[^\s@:]+@[^\s@:]+$/.test(each) ? `mailto:${each}` : each));
	if (!targets.every((target) => /^(https?:\/\/|mailto:)[^\s<>]+$/i.test(target)))
		throw invalid('unsubscribe', {
			en: 'Fill “Unsubscribe” with a web or mail address.',
			zh: '“退订”请填写网址或邮件地址。',
		});
	const oneClick = targets.some((target) => /^https:/i.test(target));
	return {
		'List-Unsubscribe': targets.map((target) => `<${target}>`).join(', '),
		...(oneClick && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
	};
}
