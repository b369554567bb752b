import { atOnce, mostInTurn, type Turns } from '../../base/turns';
import { mostNames, tooManyNames } from './broken';
import { decodeText } from './charset';
import { parseJson } from './json';

/** The fields where Emby, Plex and their imitators put their JSON. */
const envelopes = ['data', 'payload'];

export function* unwrapForm(fields: readonly (readonly [string, string])[]): Turns<unknown> {
	for (const envelope of envelopes) {
		const [, content] = fields.find(([name]) => name === envelope) ?? [];
		if (content !== undefined && /^\s*[{["]/.test(content)) return yield* parseJson(content.trim());
	}
	return Object.fromEntries(fields.filter(([name]) => name !== '__proto__'));
}

/** `{"data":"{…}"}`: a form that something on the way turned into JSON. */
export function* unwrapOnly(value: Record<string, unknown>): Turns<unknown> {
	const [key, ...more] = Object.keys(value);
	const content = key !== undefined && !more.length && envelopes.includes(key) ? value[key] : undefined;
	return typeof content === 'string' && /^\s*[{[]/.test(content) ? yield* parseJson(content) : value;
}

/**
 * `a=1&b=2`, also from senders that do not percent-encode: then `+` is a plus, and an `&` whose right side is no
 * `key=` belongs to the text on its left.
 */
export function* parseForm(text: string): Turns<[string, string][]> {
	const isEncoded = !/[^\x21-\x7e]|["{}<>]/.test(text);
	const envelope = /^(data|payload)=\s*(?=[{["])/.exec(text);
	if (envelope && !isEncoded) return [[envelope[1] as string, text.slice(envelope[0].length)]];
	const decode = (part: string) => {
		const spaced = isEncoded ? part.replaceAll('+', ' ') : part;
		if (!spaced.includes('%')) return spaced;
		try {
			return decodeURIComponent(spaced);
		} catch {
			return isEncoded ? decodeBytes(spaced) : spaced;
		}
	};
	const fields: [string, string][] = [];
	const pieces = text.split('&', mostNames + 1);
	if (pieces.length > mostNames) throw tooManyNames();
	for (const piece of pieces) {
		if (piece.length > mostInTurn) yield;
		const equals = piece.indexOf('=');
		const [key, value] = equals < 0 ? [] : [piece.slice(0, equals), piece.slice(equals + 1)];
		const previous = fields.at(-1);
		if (!isEncoded && previous && (key === undefined || /[^\w.[\]%-]/.test(key)))
			previous[1] += `&${decode(piece)}`;
		else if (piece !== '') fields.push([decode(key ?? piece), decode(value ?? '')]);
	}
	return fields;
}

/** Percent-encoded bytes that are not UTF-8 (GBK), or a stray percent sign. */
function decodeBytes(text: string): string {
	const latin1 = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
	return atOnce(decodeText(Buffer.from(latin1, 'latin1')));
}
