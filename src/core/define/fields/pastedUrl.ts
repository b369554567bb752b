/** A key as a user filled it in, and the server that it belongs to where a whole URL was pasted. */
export interface PastedKey {
	key: string;
	/** Origin and path in front of what the service itself serves. */
	base?: string;
}

/**
 * Services show their users a whole URL with the key somewhere in it; both the URL and the bare key are taken.
 * @param find the key in a URL, or undefined where the URL is not of that service's form
 */
export function pastedKey(value: string, find: (url: URL) => PastedKey | undefined): PastedKey {
	if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return { key: value };
	return find(new URL(value)) ?? { key: value };
}

/** Where the key is a parameter of that URL (`…/robot/send?access_token=…`). */
export const keyInQuery = (value: string, name: string): PastedKey =>
	pastedKey(value, ({ origin, searchParams }) => {
		const key = searchParams.get(name);
		return key === null ? undefined : { key, base: origin };
	});

/** The pasted URL's own server counts only while the base URL was left as it is: a relay that was chosen stays chosen. */
export function baseOf(chosen: string | undefined, standard: string, pasted: PastedKey): string {
	return (chosen === undefined || chosen === standard) && pasted.base ? pasted.base : (chosen ?? standard);
}
