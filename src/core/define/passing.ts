import { read, type Fields } from '../base/field';
import type { Text } from '../base/language';
import type { Message } from '../message/message';
import { commandNames, languageField, type Content, type FlowDefinition, type FlowValues, type Output } from './flow';

/** What came in, as a channel's node would look at it. */
export interface Given {
	/** A message of ours, what others mean for one, or anything else. */
	incoming: unknown;
	/** What a trigger of ours tells beside it. */
	event?: unknown;
}

export interface Passed {
	/** Where it comes out, each from 0. */
	outputs: readonly number[];
	/** In place of the one that came in; without it everything stays as it was. */
	message?: Message;
}

type Row = Readonly<Record<string, unknown>>;

/** Outputs that a node has as often as somebody wants, before those that it always has. */
export interface Branches {
	/** The field that has a row for each; `name` in it is what its output is called. */
	rows: string;
	/** Cells that tell an output whose row has no name. */
	told: readonly string[];
	/** Rows that are there already, by the value of another field. */
	presets: { by: string; rows: Readonly<Record<string, readonly { name: Text; cells: Row }[]>> };
	/** What comes out of them. */
	output: Output;
}

type Described<F extends Fields> = Pick<
	FlowDefinition<F>,
	| 'id'
	| 'set'
	| 'name'
	| 'zh'
	| 'docs'
	| 'description'
	| 'aliases'
	| 'outputs'
	| 'teaches'
	| 'fields'
	| 'each'
	| 'not'
>;

/** A node in the middle of a flow that remembers nothing: what comes in goes on at once. Pure. */
export interface PassingDefinition<F extends Fields> extends Described<F> {
	branches?: Branches;
	/** Fields that say more, and are seldom needed: one that cannot be had costs nothing but itself. */
	details?: readonly (keyof F & string)[];
	/** Fields that are given as they came. */
	unread?: readonly (keyof F & string)[];
	/**
	 * @param leftOut is told of each detail that cannot be used
	 * @throws ChannelError where it cannot go on
	 */
	pass(given: Given, values: FlowValues<F>, leftOut: (why: Text) => void): Passed;
	/** It can put out whole flows, made of what other programs were set to. */
	imports?: true;
}

/** Such a node as hosts see it. */
export interface Passing extends Omit<PassingDefinition<Fields>, 'pass'> {
	readonly type: 'flow';
	/** It has none. */
	readonly account?: undefined;
	readonly lists?: undefined;
	pass(given: Given, values: FlowValues, leftOut: (why: Text) => void): Passed;
}

export function definePassing<const F extends Fields>(definition: PassingDefinition<F>): Passing {
	const passing = definition as unknown as Omit<Passing, 'type'>;
	return { ...passing, fields: { ...definition.fields, ...languageField }, type: 'flow' };
}

export const isPassing = <F extends object>(flow: F | Passing): flow is Passing => 'pass' in flow;

/** The fields that are read before it is asked. */
function readAhead({ fields, unread = [] }: Passing): Fields {
	return Object.fromEntries(Object.entries(fields).filter(([key]) => !unread.includes(key)));
}

/** What the node says. @throws ChannelError `Invalid(field)` */
export const valuesOf = (passing: Passing, raw: Readonly<Record<string, unknown>>): FlowValues =>
	({ ...raw, ...read(readAhead(passing), raw) }) as FlowValues;

/** Whether it is no message but a command, for a node that keeps something: the name of it. */
export function commandIn(content: Content): string | undefined {
	const { carillon } = content;
	if (typeof carillon === 'object' && carillon !== null && 'command' in carillon && isMeant(carillon.command))
		return 'carillon.command';
	return commandNames.find((name) => content[name] === true || isWord(content[name]));
}

const isWord = (value: unknown) => typeof value === 'string' && value.trim() !== '';
const isMeant = (value: unknown) => value !== undefined && value !== null && value !== false && value !== '';

/** Re-exported so that a node's file needs one import. */
export * from '../base/field';
export { ChannelError, invalid } from '../base/errors';
