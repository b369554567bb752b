import type { Text } from '../base/language';

/** One part of a multipart body. */
export interface BodyPart {
	name: string;
	filename?: string;
	mime?: string;
	data: Uint8Array;
}

/** A request as it came over the wire; header names in lower case. */
export interface IncomingRequest {
	method: string;
	/** Below the trigger's own path, without the query. */
	path: string;
	query: Readonly<Record<string, string>>;
	headers: Readonly<Record<string, string>>;
	/** Empty where the host has parsed a multipart body already; then `parts` is there. */
	body: Uint8Array;
	parts?: readonly BodyPart[];
	/** The sender's address. */
	address?: string;
}

export interface OutgoingReply {
	status: number;
	headers?: Readonly<Record<string, string>>;
	body?: string;
}

/** What is known of a request before its body is read. */
export type RequestHead = Omit<IncomingRequest, 'body' | 'parts'>;

/** What a request said, whatever it was wrapped in. */
export interface DecodedBody {
	/** A JSON value; the fields of a form as an object of texts; a plain text; `undefined` where the body is empty. */
	value: unknown;
	/** The parts of a multipart body that are files. */
	files: readonly BodyPart[];
	/** How it came: `text` is a text that is neither JSON nor a form. */
	form: 'json' | 'form' | 'multipart' | 'text' | 'empty';
}

/** The sender's fault (4xx), with a reason that helps whoever set it up. Never contains the key. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
	constructor(
		readonly status: number,
		readonly reason: Text,
		readonly headers: Readonly<Record<string, string>> = {},
		/** In the words of the service whose tools call, where they read no others. */
		readonly reply?: OutgoingReply,
	) {
		super(reason.en);
	}
}
