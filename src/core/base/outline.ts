import { withoutKnown } from './knownSecrets';
import { hidden, namesSecret, secretFields, withoutAssigned, withoutSecrets } from './secretNames';

/** Characters and lines of which a reader is shown no more; what is left out is counted. */
const most = 20_000;
const mostLines = 500;

/**
 * A value of any shape as lines that a person reads: `used: 91%`, `disk.free: 3 GB`, `tags: a, b`; a list of objects
 * with a dash for each. Values under names that stand for a secret are hidden. Little is looked at past `most`.
 * @param isLeftOut of the value's own fields, by name
 */
export function outline(value: unknown, isLeftOut: (name: string) => boolean = () => false): string {
	const lines: string[] = [];
	let size = 0;
	let left = 0;
	const isFull = () => size > most || lines.length >= mostLines;
	const add = (line: string) => {
		lines.push(line.length > most ? `${line.slice(0, most)}…` : line);
		size += line.length;
	};
	const walk = (name: string, one: unknown, start: string): void => {
		const told = plain(one);
		if (told !== undefined) {
			if (told !== '') add(`${start}${name && `${name}: `}${told}`);
		} else if (Array.isArray(one)) {
			if (name && one.length) add(`${start}${name}:`);
			for (const each of one as unknown[]) {
				if (isFull()) left++;
				else if (isSecretPair(each)) add(`${indent(start)}- ${each[0]}: ${hidden}`);
				else walk('', each, dashed(each) ? `${indent(start)}- ` : indent(start));
			}
		} else {
			const object = one as Readonly<Record<string, unknown>>;
			const isSecret = secretFields(object);
			let lead = start;
			for (const key of Object.keys(object)) {
				if (one === value && isLeftOut(key)) continue;
				if (isFull()) {
					left++;
					continue;
				}
				const path = name ? `${name}.${key}` : key;
				const given = object[key];
				if (isSecret(key, given)) add(`${lead}${path}: ${hidden}`);
				else walk(path, given, lead);
				// The dash stands before the first field alone.
				lead = indent(start);
			}
		}
	};
	walk('', value, '');
	return left > 0 ? `${lines.join('\n')}\n… +${left}` : lines.join('\n');
}

/** In a list of names and values, as of headers. */
const isSecretPair = (value: unknown): value is [string, unknown] =>
	Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && namesSecret(value[0]);

const indent = (start: string) => start.replace('- ', '  ');
const dashed = (value: unknown) => typeof value === 'object' && value !== null;

/** Of what stands in one line; '' for what says nothing, `undefined` for what has parts. */
function plain(value: unknown): string | undefined {
	if (value === null || value === undefined) return '';
	if (typeof value === 'string') {
		// The rest is shown to nobody.
		const said = value.length > 4 * most ? value.trimStart().slice(0, 2 * most) : value.trim();
		return withoutKnown(/^[{[]/.test(said) ? withoutSecrets(said) : withoutAssigned(said));
	}
	if (typeof value !== 'object') return String(value);
	if (!Array.isArray(value) || value.some((one) => typeof one === 'object' && one !== null)) return undefined;
	const said: string[] = [];
	let size = 0;
	for (const one of value) {
		const words = plain(one);
		if (words !== '' && words !== undefined) size += said.push(words) && words.length;
		if (size > 2 * most) break;
	}
	return said.join(', ');
}
