import { incomingMessage } from '../../core/message/incoming';
import { isMessage } from '../../core/message/compose';
import type { Message } from '../../core/message/message';
import type { Given } from '../../core/define/passing';

/** What a message is looked at for; a fact that is not known is not there. */
export interface Facts {
	/** Of its type, in our words and in the sender's own. */
	types: readonly string[];
	levels: readonly string[];
	sources: readonly string[];
	libraries: readonly string[];
	users: readonly string[];
	tasks: readonly string[];
	/** The sender's own names. */
	events: readonly string[];
	origin?: string;
	audience?: string;
	/** Title, body and fields. */
	text: string;
}

/** What a row asks for: each cell that is filled in must hold. */
export interface Row {
	on: boolean;
	types?: readonly string[];
	levels?: readonly string[];
	sources?: readonly string[];
	libraries?: readonly string[];
	users?: readonly string[];
	tasks?: readonly string[];
	events?: readonly string[];
	origin?: string;
	audience?: string;
	text?: readonly string[];
}

const patterned = ['types', 'sources', 'libraries', 'users', 'tasks', 'events'] as const;

/** The places of the rows that a message belongs to, in order; with `first` at most one. */
export function matching(rows: readonly Row[], facts: Facts, first: boolean): number[] {
	const found: number[] = [];
	for (const [at, row] of rows.entries()) {
		if (!matches(row, facts)) continue;
		found.push(at);
		if (first) break;
	}
	return found;
}

export function matches(row: Row, facts: Facts): boolean {
	if (!row.on) return false;
	for (const key of patterned) {
		const cell = row[key] ?? [];
		if (cell.length > 0 && !cell.some((pattern) => facts[key].some((fact) => fits(pattern, fact)))) return false;
	}
	const { levels = [], origin, audience, text = [] } = row;
	if (levels.length > 0 && !levels.some((level) => facts.levels.includes(level))) return false;
	if (origin !== undefined && origin !== facts.origin) return false;
	if (audience !== undefined && audience !== facts.audience) return false;
	return text.length === 0 || text.some((words) => facts.text.includes(folded(words)));
}

/** However it is written: case, and the width of letters, tell nothing. */
export const folded = (text: string) => text.normalize('NFKC').toLowerCase();

/** `*` stands for anything, also for nothing. Takes as long as both texts, whatever stands in them. */
export function fits(pattern: string, fact: string): boolean {
	const [head = '', ...rest] = folded(pattern.trim()).split('*');
	const text = folded(fact.trim());
	const tail = rest.pop();
	if (tail === undefined) return text === head;
	if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
	let at = head.length;
	const end = text.length - tail.length;
	for (const piece of rest) {
		const found = text.indexOf(piece, at);
		if (found === -1 || found + piece.length > end) return false;
		at = found + piece.length;
	}
	return true;
}

type Loose = Readonly<Record<string, unknown>>;
const record = (value: unknown): Loose => (typeof value === 'object' && value !== null ? (value as Loose) : {});
const texts = (...values: readonly unknown[]): string[] =>
	values.flatMap((value) =>
		typeof value === 'string' && value.trim() !== '' ? [value] : typeof value === 'number' ? [String(value)] : [],
	);

/** What is known of what came in, whatever shape it has. */
export function factsOf({ incoming, event }: Given): Facts {
	const message = messageIn(incoming);
	const told = record(event);
	const [item, user, facts] = [record(told.item), record(told.user), record(told.facts)];
	const [type] = texts(message.type, told.type);
	const events = texts(told.rawType);
	const [origin] = texts(message.origin, told.origin);
	const [audience] = texts(message.audience, told.audience);
	return {
		types: [...(type === undefined ? [] : [type]), ...events],
		levels: texts(message.level),
		// A chat's trigger says of which service it is.
		sources: texts(told.source, told.channel),
		libraries: texts(item.library),
		users: texts(user.name, user.id),
		tasks: texts(facts.task, facts.monitor),
		events,
		...(origin !== undefined && { origin }),
		...(audience !== undefined && { audience }),
		text: folded(textOf(message)),
	};
}

/** Of what is no message of ours, what a person would take for one; else nothing is known. */
function messageIn(incoming: unknown): Partial<Message> {
	if (typeof incoming === 'string') return { body: incoming };
	try {
		if (isMessage(incoming) && !('headers' in incoming) && !isMessage(record(incoming).message)) return incoming;
		return incomingMessage(incoming) ?? {};
	} catch {
		// Something deep in it cannot be looked at.
		return {};
	}
}

function textOf({ title, body, fields }: Partial<Message>): string {
	const rows = Array.isArray(fields) ? (fields as unknown[]).map(record) : [];
	return [title, body, ...rows.flatMap(({ name, value }) => [name, value])].flatMap((one) => texts(one)).join('\n');
}
