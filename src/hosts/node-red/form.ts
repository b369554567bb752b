/** What stands between a definition and its form: written when the package is built, read in the browser. Types alone. */
import type { FieldKind, Show } from '../../core/base/field';

/** What is to be known of one field; what is left out is the usual. */
export interface Facts {
	/** Default: `text`. */
	kind?: FieldKind;
	/** In the definition; default: the property's name. */
	key?: string;
	required?: true;
	/** Kept among the node's credentials. */
	secret?: true;
	/** By the names of properties. */
	show?: Show;
	/** Where others hang on it. */
	default?: unknown;
	min?: number;
	max?: number;
	integer?: true;
	/** Of a choice, in order. */
	options?: readonly string[];
	/** Of many choices: the beginnings that their values have in common. */
	groups?: readonly string[];
	/** Of many choices: by the value of another property, the places in `options` of those that come into question. */
	only?: { by: string; values: Readonly<Record<string, readonly number[]>> };
	/** Of a choice: none is possible. */
	optional?: true;
	/** Of rows: the form of each. Their texts stand under `<name>_<key>`. */
	fields?: Readonly<Record<string, Facts>>;
	/** Of rows: each has its place, also an empty one. */
	placed?: true;
	/** Of what is picked: any number of them. */
	several?: true;
	/** An example that stands in the empty box. */
	hint?: string;
}

/** Properties by name, in the order of the form; 1: as most forms have it. */
export type Group = Readonly<Record<string, Facts | 1>>;

export type Section = 'main' | 'details' | 'options' | 'delivery' | 'network';

/** One form: a node’s or an account’s. */
export interface Form {
	/** The definition’s id, by which the admin routes know it. */
	of: string;
	docs: string;
	/** Of what kind its page is, where that is not told by the rest. */
	page?: 'account';
	/** Words that the palette’s search finds it by, beside its label. */
	find?: string;
	/** Of a node: the type of its account. */
	account?: string;
	/** Values may also come from the message, a context, the environment or an expression: all, or those of these properties. */
	typed?: true | readonly string[];
	sections: Partial<Record<Section, Group>>;
	/** What operations other than sending need. */
	operations?: Readonly<Record<string, Group>>;
	/** A test can be sent. */
	test?: true;
	/** Of a trigger. */
	trigger?: {
		/** Where it is reached unless somebody says otherwise; without one it takes no requests. */
		path?: string;
		/** Addresses that senders of other receivers are pointed at already. */
		usual?: readonly string[];
		/** The options with which it takes requests. */
		receives?: Show;
		/** Its account has a key, which senders give. */
		key?: true;
		/** What it tells of: media servers and scripts, or what people say in a chat. */
		tells: 'media' | 'chat';
		/** What can be played: by the value of one property, the places of the values of another. */
		samples?: { by: string; of: string; values: Readonly<Record<string, readonly number[]>> };
		preview?: { fields: readonly string[] };
	};
	/** Of a node in the middle of a flow: how many outputs it has, always. */
	outputs?: number;
	/** What it keeps is listed in the sidebar. */
	lists?: true;
	/** It keeps nothing. */
	passes?: true;
	/** It makes flows of what other programs were set to. */
	imports?: true;
	/** Before those, one for each row. */
	branches?: {
		rows: string;
		/** Cells by which one without a name is told. */
		told: readonly string[];
		/** The property that puts others in place of the rows, and those; their names stand under `preset.<value>_<place>`. */
		by: string;
		presets: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
	};
}

/** All forms of one set, by type. */
export interface SetOfForms {
	/** Where the set’s texts are: what Node-RED calls it. */
	set: string;
	forms: Readonly<Record<string, Form>>;
}

/** Facts that most forms share, by property name, and where the texts are that all share. */
export interface Shared {
	texts: string;
	facts: Readonly<Record<string, Facts>>;
	/** For the help: what a media event and a chat event have, by part. */
	events: Readonly<Record<'media' | 'chat', Readonly<Record<string, readonly string[]>>>>;
}

/** The key of a choice’s label; dots and colons mean something else in Node-RED’s catalogues. */
export const optionKey = (value: string) => value.replace(/[^A-Za-z0-9_-]/g, '_') || '_';
