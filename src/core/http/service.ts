import type { Halt } from '../base/deadline';
import type { Culprit, ErrorClass } from '../base/errors';
import type { Text } from '../base/language';
import type { Network } from './dispatchers';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a vendor answers has no type; it is judged before it is read
export type VendorJson = any;

export interface Reply {
	status: number;
	/** Names in lower case. */
	headers: Readonly<Record<string, string>>;
	text: string;
	/** Undefined where the answer is not JSON. */
	json: VendorJson;
}

/** Rows are tried in order; one without `code` and `says` matches everything. */
export interface ErrorRow {
	code?: string | number | readonly (string | number)[];
	/** Matched against the service's own words. */
	says?: RegExp;
	is: ErrorClass;
	/** What the user can do about it: a full sentence. */
	do: Text;
	/** Get a new token and send again, once. */
	refresh?: true;
	because?: Culprit;
	/** Seconds to wait where the service does not tell. */
	retryAfter?: number;
	transient?: boolean;
	/** The field to look at, of an `Invalid`. */
	field?: string;
}

/** How this service says yes and no. */
export interface Replies {
	/** `json` (default) refuses anything else as `Unexpected`; `text` leaves `json` undefined; `any` parses where it can. */
	as?: 'json' | 'text' | 'any';
	/** Of a 2xx, beside which nothing is a yes unless `anyStatus`. Default: that it is one. */
	ok?(json: VendorJson, reply: { status: number; text: string }): boolean;
	/** The service says yes with other statuses too. */
	anyStatus?: true;
	code?(json: VendorJson): string | number | undefined;
	/** The service's own words. */
	says?(json: VendorJson): string | undefined;
	/** Seconds. `Retry-After` is read anyway. */
	retryAfter?(json: VendorJson): number | undefined;
	/** A target to use from now on. */
	movedTo?(json: VendorJson): string | undefined;
	errors?: readonly ErrorRow[];
}

export interface Service {
	/** As the user knows it, for sentences. */
	name: Text;
	replies?: Replies;
	account: Network & { baseUrl?: string } & Record<string, unknown>;
	signal: Halt;
}
