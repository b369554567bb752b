import { guarded, unguarded } from '../../core/receive/guarded';

/** Names of Slack's own signs for what its text cannot hold. */
const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const unescape = (text: string) => text.replace(/&(?:amp|lt|gt);/g, (found) => entities[found] as string);

/** Code as it stands, a block or a span; behind it, whatever is within angle brackets. */
const tokens = /```([^]*?)```|`([^`\n]+)`|<([^<>\n]{1,3000})>/g;

/** Slack's mrkdwn as Markdown. What Markdown alone would take for markup stays text. */
export function markdownOf(given: string): string {
	const mrkdwn = guarded(given);
	const out: string[] = [];
	let at = 0;
	for (const found of mrkdwn.matchAll(tokens)) {
		const [all, block, span, bracketed] = found;
		out.push(styled(mrkdwn.slice(at, found.index)));
		if (block !== undefined) {
			const before = out.join('').at(-1);
			const code = unguarded(unescape(block), 'text').replace(/^\n|\n$/g, '');
			const fence = '`'.repeat(Math.max(3, ...(code.match(/`+/g) ?? []).map(({ length }) => length + 1)));
			out.push(`${before === undefined || before === '\n' ? '' : '\n'}${fence}\n${code}\n${fence}`);
			if (mrkdwn[found.index + all.length] !== '\n') out.push('\n');
		} else if (span !== undefined) out.push(`\`${unguarded(unescape(span), 'text')}\``);
		else out.push(linked(bracketed as string));
		at = found.index + all.length;
	}
	return unguarded([...out, styled(mrkdwn.slice(at))].join('').trim(), 'markdown');
}

/** Who or what is named, in plain words: an id rings nobody elsewhere. */
function linked(inside: string): string {
	const [target = '', label] = inside.split('|', 2);
	const words = label === undefined ? undefined : unescape(label);
	if (target.startsWith('!date^')) return literal(words ?? '');
	if (target.startsWith('!'))
		return `@${literal(words?.replace(/^@/, '') ?? target.slice(1).replace(/^subteam\^/, ''))}`;
	if (/^[@#]/.test(target)) return `${target[0]}${literal(words?.replace(/^[@#]/, '') ?? target.slice(1))}`;
	const address = unescape(target);
	if (!/^(?:https?:|mailto:|tel:)/i.test(address)) return literal(unescape(inside));
	if (words === undefined || words.trim() === '')
		return /^https?:/i.test(address) ? `<${address}>` : literal(address.replace(/^\w+:/, ''));
	return `[${literal(words)}](${/[()<>\s\\]/.test(address) ? `<${address}>` : address})`;
}

const styled = (text: string) =>
	literal(unescape(text))
		.split('\n')
		.map((line) => paired(paired(line, String.raw`\*`, '**'), String.raw`\~`, '~~').replace(italics, '*$1*'))
		.join('\n');

/** Within a word, where Markdown takes the other sign alone. */
const italics = /\u200b_([^\s_](?:[^_]*[^\s_])?)_\u200b/g;

/** Signs that stand around words, the first in front of one and the second behind one, become Markdown's. */
function paired(line: string, sign: string, mark: string): string {
	const [first = '', ...rest] = line.split(sign);
	let out = first;
	for (let at = 0; at < rest.length; at++) {
		const [within, behind] = [rest[at]!, rest[at + 1]];
		const opens = /(?:^|[\s\u200b([{'">–—-])$/.test(out.slice(-1)) && /^\S/.test(within);
		if (opens && behind !== undefined && /\S$/.test(within.slice(-1)) && !/^[\p{L}\p{N}]/u.test(behind)) {
			out += `${mark}${within}${mark}${behind}`;
			at++;
		} else out += `${sign}${within}`;
	}
	return out;
}

/** Quotes and lists look alike in both. */
const literal = (text: string) =>
	text.replace(/[\\[\]*~<]/g, String.raw`\$&`).replace(/^([ \t]{0,3})(#{1,6}\s)/gm, String.raw`$1\$2`);
