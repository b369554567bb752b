import type { ChannelError } from '../base/errors';
import { choice, type Field, type Fields, type Values } from '../base/field';
import type { Language, Text } from '../base/language';
import type { Place } from '../message/carried';
import type { Decide, Held, Outcome } from '../state/store';
import { storeOption, type Chosen } from '../state/storeOption';
import type { NodeSet } from './set';

/** What a host's message holds, without its files: an n8n item's JSON, or a Node-RED message. JSON can hold it. */
export type Content = Readonly<Record<string, unknown>>;

/** What an output is for, in a word or two; help says what comes out of it, and what the message has then. */
export interface Output extends Text {
	help?: Text;
}

export interface FileFacts {
	name?: string;
	mime?: string;
}

/** A message at a flow node's input. */
export interface Arrival {
	/** That of its happening, or of the item: the same one is the same arrival. */
	id: string;
	content: Content;
	/** By the names that the content has for them. */
	files: Readonly<Record<string, FileFacts & { data: Uint8Array }>>;
	/** Under which name the content holds a message of ours; by default `message`. */
	place?: Place;
}

/** A message on its way out. */
export interface Departure {
	/** From 0. */
	output: number;
	content: Content;
	/** By the names that the content has for them; `stored` is the store's for their bytes, where that is another. */
	files?: Readonly<Record<string, FileFacts & { stored?: string }>>;
}

/** What a decision says of an arrival, to be let through at once; without one nothing comes out now. */
export interface Passage {
	output: number;
	/** JSON: what `passing` tells of it. */
	facts?: unknown;
}

/** What a node is told by a message that is none: for one key, or for all. */
export const commandNames = ['flush', 'reset', 'ack'] as const;
export type Command = (typeof commandNames)[number];

/** What a key decides upon an arrival; or, where nothing is remembered of it, that it passes. */
export type Entry = { key: string; decide: Decide<never, Passage, unknown> } | { passes: Passage };

/** What a node behind, which sent the message on, tells of that. */
export type Report = {
	/** The channel's id. */
	channel: string;
} & (
	| { receipt: unknown }
	| { error: ChannelError }
	/** It failed, and the flow takes care of that. */
	| { handled: ChannelError }
);

/** `note` (JSON): it is released once more, at once, with this note. */
export type Verdict = Outcome | { note: unknown };

export interface Released<F extends Fields = Fields> {
	batch: Held;
	values: FlowValues<F>;
	/** What the last verdict noted. */
	note?: unknown;
	/** By the store's clock. */
	now: number;
}

export interface Ended<F extends Fields = Fields> extends Released<F> {
	/** As it was released. */
	departure: Departure;
	reports: readonly Report[];
	/** The host knows that that part of the flow has ended; else nothing more was heard of it in time. */
	isOver: boolean;
	/** 0 ≤ x < 1 */
	random(): number;
}

/** `store`: where it is kept; a machine has no use for it. */
export type FlowValues<F extends Fields = Fields> = Values<F> & { language: Language; store?: Chosen };

/**
 * A node that stands in the middle of a flow: what comes in changes what is remembered under a key, and what is let out
 * comes as batches, whenever they are due. All of it is pure: hosts keep, wake, send and settle.
 */
export interface FlowDefinition<F extends Fields> {
	/** File name, export name and n8n node name. */
	id: string;
	set?: NodeSet;
	name: string;
	zh: string;
	docs: string;
	description: Text;
	/** More words to find the node by. */
	aliases?: readonly string[];
	outputs: readonly Output[];
	/** How it works, for those who have not used it yet: a paragraph. */
	teaches?: Text;
	fields: F;
	/** Fields that may be another for each message; the others are those of the node. */
	each?: readonly (keyof F & string)[];
	/** Which key an arrival belongs to, and what it changes there. @throws ChannelError where it cannot be taken */
	enter(arrival: Arrival, values: FlowValues<F>): Entry;
	/** What an arrival has when it passes at once; without this it is as it was. */
	passing?(arrival: Arrival, passage: Passage, values: FlowValues<F>): Content;
	/** Each arrival is another, also one that tells of the same happening; but not what a node of ours lets out once more. */
	isAnew?: true;
	commands?: readonly Command[];
	/** What a command changes in a key. */
	command?(command: Command, values: FlowValues<F>): Decide<never, never, unknown>;
	/** What a key does whose time has come, or whose settings have changed. */
	step?(values: FlowValues<F>, why: 'due' | 'settings'): Decide<never, never, unknown>;
	/** Where a batch goes that was taken; undefined: nowhere, it is over. */
	release(released: Released<F>): Departure | undefined;
	/**
	 * What is to become of it, once that part of the flow has ended; `now` is then. Without this it is over then, whatever
	 * the nodes behind have told.
	 */
	judge?(ended: Ended<F>): Verdict;
	/** At most so many a second. */
	pace?(values: FlowValues<F>): number | undefined;
	/** Whether what was sent and not answered may be sent again; where it is left out the channel's own option says so. */
	repeatUnknown?(values: FlowValues<F>): boolean;
	/** What waits can be listed, sent again and dropped. */
	lists?: true;
	/** Hosts in which it cannot run yet. */
	not?: readonly ('n8n' | 'node-red')[];
}

type Methods = 'enter' | 'passing' | 'command' | 'step' | 'release' | 'judge' | 'pace' | 'repeatUnknown';

/** A flow node as hosts see it. */
export interface Flow
	extends Omit<FlowDefinition<Fields>, Methods>, Pick<FlowDefinition<Record<never, Field>>, Methods> {
	readonly type: 'flow';
	/** It has none. */
	readonly account?: undefined;
}

export const languageField = {
	language: choice(
		'Language',
		{ en: ['English', '英语'], zh: ['Chinese', '中文'] },
		{
			zh: '语言',
			help: { en: 'Of this node’s texts and errors', zh: '该节点的文案与报错所用的语言' },
			default: 'en',
		},
	),
};

/** The zone of whoever set none is the host's. */
export function inZone(flow: Pick<Flow, 'fields'>, values: FlowValues, zone: string): FlowValues {
	const given = values as FlowValues & { timeZone?: string };
	return 'timeZone' in flow.fields ? ({ ...given, timeZone: given.timeZone ?? zone } as FlowValues) : values;
}

export function defineFlow<const F extends Fields>(definition: FlowDefinition<F>): Flow {
	const flow = definition as unknown as Omit<Flow, 'type'>;
	return { ...flow, fields: { ...definition.fields, ...storeOption, ...languageField }, type: 'flow' };
}

/** Re-exported so that a flow node's file needs one import. */
export * from '../base/field';
export { ChannelError, invalid } from '../base/errors';
