/**
 * A web address as a browser would read what somebody typed or a program put together: blanks in it are blanks of a
 * path or query, a line break in it is none of it. What is no web address, or is more than one, stays as it is.
 */
export function webAddress(given: string): string {
	const trimmed = given.trim();
	const [, scheme, rest = ''] = /^(https?):\/\/(.*)$/is.exec(trimmed) ?? [];
	if (scheme === undefined || /\s\w+:\/\//.test(rest)) return given;
	const whole = `${scheme.toLowerCase()}://${rest.replace(/[\t\r\n]+/g, '').replace(/\s/g, encodeURIComponent)}`;
	return URL.canParse(whole) ? whole : given;
}

/** Whether both open the same page, however they are written. */
export function isSameAddress(one: string, other: string): boolean {
	if (one === other) return true;
	if (!URL.canParse(one) || !URL.canParse(other)) return false;
	const [a, b] = [one, other].map((each) => new URL(each).href.replace(/#$/, ''));
	return a === b;
}
