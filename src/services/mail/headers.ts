import { createHash } from 'node:crypto';
import { invalid, type Json, type Rendered } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import type { MailOptions } from './options';

/** A line break in a header would start a header of the sender's own choosing. */
export function headerLine(field: string, label: Text, value: string): string {
	if (!/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return value;
	throw invalid(field, {
		en: `“${label.en}” holds a line break or control character, which no mail header may.`,
		zh: `“${label.zh}”含有换行或控制字符，邮件头不允许。`,
	});
}

/** `ann@example.com` or `Ann <ann@example.com>` */
export function checkAddress(field: string, label: Text, value: string): string {
	if (/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(bareAddress(value))) return headerLine(field, label, value);
	throw invalid(field, {
		en: `“${value}” in “${label.en}” is no mail address: write ann@example.com or Ann <ann@example.com>.`,
		zh: `“${label.zh}”中的“${value}”不是邮件地址：请写成 ann@example.com 或 Ann <ann@example.com>。`,
	});
}

/** `Ann <ann@example.com>` → `ann@example.com` */
export const bareAddress = (value: string) => /^[^<>]*<([^<>]+)>$/s.exec(value)?.[1] ?? value;
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
		? headerLine('inReplyTo', { en: 'In reply to', zh: '回复的邮件' }, bracketed(options.inReplyTo))
		: root;
	if (parent) all['In-Reply-To'] = parent;
	const references = [
		...options.references.map((id) =>
			headerLine('references', { en: 'References', zh: '引用的邮件' }, bracketed(id)),
		),
		...(root ? [root] : []),
		...(parent && parent !== root ? [parent] : []),
	];
	if (references.length > 0) all.References = references.join(' ');
	if (autoSubmitted) all['Auto-Submitted'] = 'auto-generated';
	if (unsubscribe) Object.assign(all, unsubscribing(unsubscribe));
	for (const [name, value] of Object.entries((options.headers ?? {}) as Record<string, Json>)) {
		if (!/^[!-9;-~]+$/.test(name) || own.test(name))
			throw invalid('headers', {
				en: `The header “${name}” cannot be set here.`,
				zh: `邮件头“${name}”不能在此设置。`,
			});
		all[name] = headerLine(
			'headers',
			{ en: name, zh: name },
			typeof value === 'string' ? value : JSON.stringify(value),
		);
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
