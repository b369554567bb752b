import type { Seen } from './service';

/** A request as names and values, whatever it was wrapped in. */
export type Facts = Record<string, unknown>;

/** Where two requests part ways, and why ours is meant to be so. */
export interface Difference {
	/** `query.sign`, `body.text.content`; with the number of the request in front where there are several: `2.body.safe`. */
	field: string;
	why: string;
}

/** One reason for several fields. */
export const because = (why: string, ...fields: string[]): Difference[] => fields.map((field) => ({ field, why }));

/**
 * What a fake was asked, but for the headers that each HTTP client adds of itself.
 * @param contentOf reads the body; what a service takes in several wrappings is compared by what is in them
 */
export function factsOf(requests: readonly Seen[], contentOf = ({ json }: Seen): unknown => json): Facts {
	const each = requests.map((request) => {
		const { method, path, query, headers, body } = request;
		const type = body.length === 0 ? undefined : headers['content-type']?.split(';')[0];
		return known([
			...Object.entries({ method, path, type, authorization: headers.authorization }),
			...leaves('query', query),
			...leaves('body', body.length === 0 ? undefined : contentOf(request)),
		]);
	});
	return numbered(each);
}

/** Of several requests, each name has the number of its request in front. */
export function numbered(requests: readonly Facts[]): Facts {
	if (requests.length === 1) return requests[0]!;
	return Object.fromEntries(
		requests.flatMap((facts, at) => Object.entries(facts).map(([name, value]) => [`${at + 1}.${name}`, value])),
	);
}

export const known = (facts: readonly (readonly [string, unknown])[]): Facts =>
	Object.fromEntries(facts.filter(([, value]) => value !== undefined));

/** Every value in it under its whole name; an empty list is a value too. */
export function leaves(name: string, value: unknown): [string, unknown][] {
	const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
	if (!isBranch) return [[name, name === 'query' ? undefined : value]];
	return Object.entries(value).flatMap(([key, inner]) => leaves(`${name}.${key}`, inner));
}

/** Both agree, but for what is explained; and what is explained does differ. */
export function expectAgreement(theirs: Facts, ours: Facts, differences: readonly Difference[] = []): void {
	const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
	const differing = names.filter((name) => JSON.stringify(theirs[name]) !== JSON.stringify(ours[name]));
	const explained = differences.map(({ field }) => field);
	const unexplained = differing
		.filter((name) => !explained.includes(name))
		.map((field) => ({ field, theirs: theirs[field], ours: ours[field] }));
	const outdated = explained.filter((name) => !differing.includes(name));
	expect({ unexplained, outdated }).toEqual({ unexplained: [], outdated: [] });
	expect(names.length).toBeGreaterThan(2);
	for (const { why } of differences) expect(why).toMatch(/^\S.{15,}\.$/);
}
