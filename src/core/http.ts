// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a vendor answers has no type; it is judged before it is read
export type VendorJson = any;

/** One part of a multipart form. */
export type FormPart = string | { name: string; mime: string; data: Uint8Array };

export interface Ask {
	/** Appended to those in the path; `undefined` ones are left out. */
	query?: Readonly<Record<string, string | number | boolean | undefined>>;
	headers?: Readonly<Record<string, string | undefined>>;
	json?: unknown;
	form?: Readonly<Record<string, string | number | boolean | undefined>>;
	multipart?: Readonly<Record<string, FormPart | undefined>>;
	body?: string | Uint8Array;
	/** Safe to repeat though the outcome of the first is unknown. GET and HEAD are anyway. */
	idempotent?: boolean;
	/** Not judged by the channel's `replies`: any HTTP answer is returned. */
	raw?: boolean;
}

export interface Reply {
	status: number;
	/** Names in lower case. */
	headers: Readonly<Record<string, string>>;
	text: string;
	/** Undefined where the answer is not JSON. */
	json: VendorJson;
}

/** A path below the account's base URL, or a whole URL. Throws `ChannelError`. */
export interface Http {
	/** The parsed, judged answer. */
	get(path: string, ask?: Ask): Promise<VendorJson>;
	/** The parsed, judged answer. */
	post(path: string, ask?: Ask): Promise<VendorJson>;
	call(method: string, path: string, ask?: Ask): Promise<Reply>;
}
