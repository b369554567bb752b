import type { ChannelError } from '../base/errors';
import { choice, type Fields, type Values } from '../base/field';
import type { Language, Text } from '../base/language';
import type { Decide, Held, Outcome } from '../state/store';
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
}

/** A message on its way out. */
export interface Departure {
	/** From 0. */
	output: number;
	content: Content;
	/** By the names that the store has for their bytes; by hand, where nothing is kept, with them. */
	files?: Readonly<Record<string, FileFacts & { data?: Uint8Array }>>;
}

/** What a decision says of an arrival, to be let through at once; without one nothing comes out now. */
export interface Passage {
	output: number;
}

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

export type FlowValues<F extends Fields = Fields> = Values<F> & { language: Language };

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
	enter(arrival: Arrival, values: FlowValues<F>): { key: string; decide: Decide<never, Passage, unknown> };
	/** What a key does whose time has come, or whose settings have changed. */
	step?(values: FlowValues<F>, why: 'due' | 'settings'): Decide<never, never, unknown>;
	/** Where a batch goes that was taken. */
	release(released: Released<F>): Departure;
	/** What is to become of it, once that part of the flow has ended; `now` is then. */
	judge(ended: Ended<F>): Verdict;
	/** What it would let out, where somebody tries the flow by hand: nothing is kept then. */
	byHand(arrivals: readonly Arrival[], values: FlowValues<F>): Departure[];
	/** At most so many a second. */
	pace?(values: FlowValues<F>): number | undefined;
	/** Whether what was sent and not answered may be sent again; where it is left out the channel's own option says so. */
	repeatUnknown?(values: FlowValues<F>): boolean;
	/** What waits can be listed, sent again and dropped. */
	lists?: true;
	/** Hosts in which it cannot run yet. */
	not?: readonly ('n8n' | 'node-red')[];
}

/** A flow node as hosts see it. */
export interface Flow extends Omit<
	FlowDefinition<Fields>,
	'enter' | 'step' | 'release' | 'judge' | 'byHand' | 'pace' | 'repeatUnknown'
> {
	readonly type: 'flow';
	/** It has none. */
	readonly account?: undefined;
	enter(arrival: Arrival, values: FlowValues): { key: string; decide: Decide<never, Passage, unknown> };
	step?(values: FlowValues, why: 'due' | 'settings'): Decide<never, never, unknown>;
	release(released: Released): Departure;
	judge(ended: Ended): Verdict;
	byHand(arrivals: readonly Arrival[], values: FlowValues): Departure[];
	pace?(values: FlowValues): number | undefined;
	repeatUnknown?(values: FlowValues): boolean;
}

const languageField = {
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

export function defineFlow<const F extends Fields>(definition: FlowDefinition<F>): Flow {
	const flow = definition as unknown as Omit<Flow, 'type'>;
	return { ...flow, fields: { ...definition.fields, ...languageField }, type: 'flow' };
}

/** Re-exported so that a flow node's file needs one import. */
export * from '../base/field';
export { ChannelError, invalid } from '../base/errors';
