import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A body as a sender puts it on the wire, parsed. */
export interface Known {
	/** The sender's id. */
	sender: string;
	name: string;
	value: unknown;
}

/** Folders of recorded bodies whose names are not their senders' ids. */
const senderOf: Readonly<Record<string, string>> = { mediasaber: 'mediaSaber' };

/** Recorded bodies lie beside the repository, or beside the folder of its worktrees; they are no part of it. */
export const corpus = ['../../..', '../../../..']
	.map((up) => join(__dirname, up, 'shared/corpus'))
	.find((folder) => existsSync(folder));

/** Where a test says what it has read. */
export const sources = corpus ?? 'the repository’s own bodies alone: there are no recorded ones beside it';

/**
 * Every body that is known of every sender: those of `test/data/bodies`, `<sender>.json` each, and the recorded ones.
 * @param senders ids
 */
export function knownBodies(senders: readonly string[]): Known[] {
	const folder = join(__dirname, '../data/bodies');
	const own = readdirSync(folder).flatMap((file): Known[] => {
		const { bodies } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { bodies: Record<string, unknown> };
		const sender = file.replace(/\.json$/, '');
		return Object.entries(bodies).map(([name, value]) => ({ sender, name, value }));
	});
	return [...own, ...recorded(senders)];
}

function recorded(senders: readonly string[]): Known[] {
	if (corpus === undefined) return [];
	return readdirSync(corpus, { withFileTypes: true })
		.filter((one) => one.isDirectory() && senders.includes(senderOf[one.name] ?? one.name))
		.flatMap(({ name: folder }) =>
			readdirSync(join(corpus, folder)).flatMap((name): Known[] => {
				const value = parsed(readFileSync(join(corpus, folder, name), 'utf8'));
				return value === undefined ? [] : [{ sender: senderOf[folder] ?? folder, name, value }];
			}),
		);
}

/** Bodies that are forms, or no JSON on purpose, have tests of their own. */
function parsed(text: string): object | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

type Path = readonly (string | number)[];

/** Of a list no more than its first entries: the others are alike. */
const most = 4;

/** Where the values lie that are neither objects nor lists. */
export function leavesOf(value: unknown, path: Path = []): Path[] {
	if (typeof value !== 'object' || value === null) return [path];
	const entries = Array.isArray(value) ? [...value.slice(0, most).entries()] : Object.entries(value);
	return entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

export const at = (value: unknown, path: Path): unknown =>
	path.reduce<unknown>((found, key) => (found as Record<string | number, unknown> | null)?.[key], value);

/** A copy with another value at that place; without one there where it is `undefined`. */
export function withLeaf(value: unknown, path: Path, leaf: unknown): unknown {
	const copy = structuredClone(value);
	const parent = at(copy, path.slice(0, -1)) as Record<string | number, unknown>;
	const key = path.at(-1) as string | number;
	if (leaf === undefined && Array.isArray(parent)) parent.splice(Number(key), 1);
	else if (leaf === undefined) delete parent[key];
	else parent[key] = leaf;
	return copy;
}
