import { mustStayHere } from '../deliver/obtaining';

/** Characters: a link that is longer is a document. */
const longest = 2_000;

/**
 * The first of these that may stand in a message as a link: a web address that means something outside the sender's
 * network, and with which nobody can do what only its owner may (no user name, no password, no key).
 */
export function shownLink(...values: readonly unknown[]): string | undefined {
	for (const value of values) {
		const given = typeof value === 'string' ? value.trim() : '';
		if (given.length > longest || !/^https?:\/\//i.test(given) || !URL.canParse(given)) continue;
		if (!mustStayHere(given)) return given;
	}
	return undefined;
}
