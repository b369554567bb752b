/** Which texts among stored values are secret, so that they can be starred out of what is told. Pure. */
import { isAbsent, isMany, separated, type Field, type Fields } from './field';
import { decoded, withSoundLogin } from './percent';
import { picked } from './pick';
import { rowsIn } from './rows';

type Raw = Readonly<Record<string, unknown>>;

/** Every secret that a set of raw values holds: single ones, and the members of lists. */
export function secretsOf(fields: Fields, raw: Raw): string[] {
	return Object.entries(fields)
		.filter(([, field]) => field.secret)
		.flatMap(([key, field]) => {
			const given = picked(raw[key]);
			if (isAbsent(given)) return [];
			if (field.kind === 'json')
				return typeof given === 'string' ? [given, ...jsonSecrets(given)] : leaves(given);
			if (field.kind === 'rows') return secretsOfRows(field, given);
			return itemsOf(given, field).flatMap((item) => [item, ...urlSecrets(item)]);
		});
}

/** Of pairs, headers say, those with a name or a value that tells of a secret; else what is secret in each row. */
function secretsOfRows({ fields = {}, pair }: Field, given: unknown): string[] {
	const whole = typeof given === 'string' ? [given] : [];
	const rows = soundRows(given, pair);
	if (!rows) return typeof given === 'string' ? whole : leaves(given);
	return [
		...whole,
		...rows.flatMap((row) => {
			if (typeof row !== 'object' || row === null) return leaves(row);
			if (!pair) return secretsOf(fields, row as Raw);
			const [name, value] = pair.map((key) => (row as Raw)[key]);
			return leaves(value, String(name));
		}),
	];
}

function soundRows(given: unknown, pair: Field['pair']): unknown[] | undefined {
	try {
		return rowsIn(given, pair);
	} catch {
		return undefined;
	}
}

/** What was stored may be of a wrong type, and is no less secret for that. */
const itemsOf = (given: unknown, field: Field): string[] => {
	if (typeof given === 'object') return leaves(given);
	const text = String(given);
	const items = isMany(field) ? separated(text) : [text];
	return [...new Set([text, ...items.map((item) => item.trim()).filter((item) => item !== '')])];
};

/**
 * The parts of a URL that are secret where the URL is: password, what stands for one, path and query as a whole, and of
 * their parts those that are named after a secret or look like one.
 */
function urlSecrets(value: string): string[] {
	const [whole] = [value, withSoundLogin(value), `https://${value.trim()}`].filter(
		(each) => each.includes('/') && URL.canParse(each),
	);
	if (whole === undefined) return [];
	const { username, password, pathname, search, searchParams } = new URL(whole);
	const login = password === '' || looksSecret(username) ? [username, decoded(username)] : [];
	const path = pathname.split('/').flatMap((part) => (looksSecret(decoded(part)) ? [part, decoded(part)] : []));
	const query = [...searchParams].flatMap(([name, part]) => (isSecretHere(name, part) ? [part] : []));
	const place = pathname.slice(1) + search;
	return [...login, password, decoded(password), ...path, ...query, place.length >= 8 ? place : ''].filter(
		(part) => part.length >= 4,
	);
}

const secretNames =
	/token|key|secret|passw|pwd|passphrase|auth|credential|cookie|session|^(sign?|sig|signature|pin|pass)$/i;

/** Under a name that tells of a secret anything but a plain `true` is one, elsewhere what looks like one. */
const isSecretHere = (name: string, value: string) =>
	secretNames.test(name) ? !/^(true|false|null|none|yes|no|on|off)$/i.test(value) : looksSecret(value);

/**
 * Whether a value is likely to be a secret by itself. Short ones, numbers, templates and words, as those of `uid=10001`,
 * `format=markdown`, `application/json` or `open-apis`, stand in many an answer that tells nothing.
 */
export function looksSecret(value: string): boolean {
	if (value.length < 8 || /^\d{1,15}$|[{}\s]/.test(value)) return false;
	if (value.length > 40) return true;
	const pieces = value.split(/[-_./+@:;=,]+|(?<=[a-z])(?=[A-Z\d])|(?<=[A-Z])(?=\d)/);
	const isWords = pieces.every((piece) => /^(?:[A-Z]?[a-z]{1,20}|[A-Z]{2,20}|\d{1,4})?$/.test(piece));
	return !isWords || pieces.filter((piece) => /\d/.test(piece)).length > 2;
}

/** The texts within JSON (headers that hold a token); without a parse, nothing. */
function jsonSecrets(given: string): string[] {
	try {
		return leaves(JSON.parse(given));
	} catch {
		return [];
	}
}

function leaves(given: unknown, name = ''): string[] {
	if (typeof given === 'object' && given !== null)
		return Object.entries(given).flatMap(([key, value]) => leaves(value, Array.isArray(given) ? name : key));
	if (typeof given !== 'string' && typeof given !== 'number') return [];
	const value = String(given);
	// 'Bearer abc': the token alone is a secret too.
	return [value, ...value.split(' ').slice(1)].filter((part) => isSecretHere(name, part));
}
