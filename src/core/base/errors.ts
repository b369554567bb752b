import type { Language, Text } from './language';
import { scrub } from './scrub';

/**
 * - `Invalid`: something that the user filled in or sent cannot be used; `field` names it.
 * - `Unauthorized`: the service refused the account.
 * - `Rejected`: the service understood and said no; `code` is its own code.
 * - `RateLimited`: too fast; `retryAfter` is in seconds.
 * - `Unreachable`: no answer, or the service itself is broken (5xx).
 * - `Unexpected`: an answer that is not the service's (HTML, half a JSON text, 50 MB).
 */
export type ErrorClass = 'Invalid' | 'Unauthorized' | 'Rejected' | 'RateLimited' | 'Unreachable' | 'Unexpected';

/** What to leave out so that the rest of a refused message can go again. `media`: picture and files; `details`: all but the text. */
export type Culprit = 'markup' | 'image' | 'attachment' | 'buttons' | 'mentions' | 'media' | 'details';

export interface ErrorFacts {
	/** The service's own code, or the system's (`ECONNREFUSED`). */
	code?: string;
	/** The field that is wrong, of an `Invalid`. */
	field?: string;
	/** Seconds. */
	retryAfter?: number;
	/** The request went out and no answer came: the message may or may not have arrived. */
	unknown?: boolean;
	/** Worth trying again later; by default that of the class. */
	transient?: boolean;
	/** The access token is stale: get a new one and send again. */
	refresh?: boolean;
	because?: Culprit;
	/** Nothing is known of why the service said no: it may be any of the details. */
	unexplained?: boolean;
	/** Said by an HTTP status alone, which may be that of one way among others: a relay passes some of them, a service has a part that is down. */
	ofWay?: boolean;
	/** A corrected target, such as the supergroup that a Telegram chat became. */
	movedTo?: string;
	/** HTTP status, where there was one. */
	status?: number;
}

const transientClasses: ReadonlySet<ErrorClass> = new Set(['RateLimited', 'Unreachable']);

/** The only error that leaves Carillon: a full sentence in the account's language, without a secret. */
export class ChannelError extends Error {
	override readonly name = 'ChannelError';
	readonly class: ErrorClass;
	readonly text: Text;
	readonly code?: string;
	readonly field?: string;
	readonly retryAfter?: number;
	readonly unknown: boolean;
	readonly transient: boolean;
	readonly refresh: boolean;
	readonly because?: Culprit;
	readonly unexplained: boolean;
	readonly ofWay: boolean;
	readonly movedTo?: string;
	readonly status?: number;
	/** The channel's id, once the error has left `deliver`. */
	channel?: string;
	/** What was delivered all the same, to other recipients or in earlier parts. */
	partial?: PartialDelivery;

	constructor(errorClass: ErrorClass, text: Text, facts: ErrorFacts = {}, language: Language = 'en') {
		super(text[language]);
		this.class = errorClass;
		this.text = text;
		this.code = facts.code;
		this.field = facts.field;
		this.retryAfter = facts.retryAfter;
		this.unknown = facts.unknown ?? false;
		this.transient = facts.transient ?? transientClasses.has(errorClass);
		this.refresh = facts.refresh ?? false;
		this.because = facts.because;
		this.unexplained = facts.unexplained ?? false;
		this.ofWay = facts.ofWay ?? false;
		this.movedTo = facts.movedTo;
		this.status = facts.status;
	}

	/** What a flow may branch on. */
	toJSON() {
		const { name, message, code, field, retryAfter, unknown, channel, partial } = this;
		return {
			name,
			class: this.class,
			message,
			code,
			field,
			retryAfter,
			unknown: unknown || undefined,
			channel,
			partial,
		};
	}
}

export const invalid = (field: string, text: Text, code?: string) => new ChannelError('Invalid', text, { field, code });

export function isChannelError(error: unknown): error is ChannelError {
	return error instanceof ChannelError;
}

/**
 * Stars out secrets in every form that a request or a reply gives them, whole or cut off.
 * Values of fewer than 4 characters are left out: they would blank half of any sentence.
 */
export function redactor(secrets: Iterable<string>): (text: string) => string {
	const forms = new Set<string>();
	for (const secret of secrets) if (secret.length >= 4) for (const form of formsOf(secret)) forms.add(form);
	if (forms.size === 0) return (text) => text;
	const longestFirst = [...forms].sort((a, b) => b.length - a.length);
	const any = new RegExp(longestFirst.map(inJson).join('|'), 'g');
	// Of an address the secret parts are secrets by themselves.
	const cuttable = longestFirst.filter((form) => form.length > telling && !form.includes('://'));
	const begun = new RegExp(cuttable.map((form) => literally(form.slice(0, telling))).join('|') || '$^');
	// Most texts hold none: one look tells.
	const suspect = new RegExp(`${any.source}|${begun.source}`);
	const shortest = Math.min(longestFirst.at(-1)!.length, telling);
	return (text) => {
		if (text.length < shortest || !suspect.test(text)) return text;
		const clean = text.replace(any, '***');
		return begun.test(clean) ? withoutCutOff(clean, cuttable) : clean;
	};
}

const literally = (form: string) => form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** JSON within JSON: what PHP, Go and others escape there although they need not, some backslashes deep. */
const inJson = (form: string) =>
	literally(form).replace(/\\?[/+]|[=&<>'"]|[^\0-\x7f]/gu, (sign) => {
		const units = sign.replace('\\', '').split('');
		const code = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, '0');
		const hex = (unit: string) => code(unit).replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
		return `(?:\\\\{0,7}${sign}|${units.map((unit) => `\\\\{1,7}u${hex(unit)}`).join('')})`;
	});

function formsOf(secret: string): string[] {
	const percent = encodeURIComponent(secret);
	const number = Number(secret);
	const html = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
	return [
		secret,
		...[percent, percent.replace(/'/g, '%27')].flatMap((form) => [form, lowerPercent(form)]),
		encodeURI(secret),
		new URLSearchParams([['', secret]]).toString().slice(1),
		Buffer.from(secret).toString('base64'),
		...inBase64(secret),
		JSON.stringify(secret).slice(1, -1),
		// Digits that a service gives as a number, which has room for sixteen of them.
		...(secret.length > 15 && Number.isFinite(number) ? [String(number)] : []),
		...[html, html.replace(/'/g, '&#39;'), html.replace(/'/g, '&#x27;')],
	];
}

const lowerPercent = (form: string) => form.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase());

/** What base64 makes of it behind something else, as behind the user name in Basic authentication, without the digits that it shares. */
function inBase64(secret: string): string[] {
	return [0, 1, 2].flatMap((offset) => {
		const whole = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
		const digits = whole.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((whole.length * 8) / 6));
		return digits.length < 6 ? [] : [digits, digits.replaceAll('+', '-').replaceAll('/', '_')];
	});
}

/** Fewer than these characters of a secret tell nothing. */
const telling = 8;

/** The service's words are quoted up to a length, and a secret may stand just there. */
function withoutCutOff(text: string, forms: readonly string[]): string {
	return text.replace(/(?<![^\s…”])[^\s…”]+(?=[…”]|$)/g, (word) => {
		for (const form of forms) {
			for (let length = Math.min(form.length - 1, word.length); length >= telling; length--)
				if (word.endsWith(form.slice(0, length))) return `${word.slice(0, -length)}***`;
		}
		return word;
	});
}

/** Turns whatever was thrown into a `ChannelError` in the account's language, without a secret anywhere in it. */
export function seal(
	thrown: unknown,
	language: Language,
	redact: (text: string) => string,
	channel?: string,
): ChannelError {
	const error = toldBy(thrown);
	const text: Text = { en: redact(error.text.en), zh: redact(error.text.zh) };
	const sealed = new ChannelError(
		error.class,
		text,
		{ ...error, code: error.code && redact(error.code), movedTo: undefined },
		language,
	);
	sealed.channel = error.channel ?? channel;
	if (error.partial) sealed.partial = scrub(error.partial, redact) as PartialDelivery;
	if (error.stack)
		sealed.stack = `${sealed.name}: ${sealed.message}\n${redact(
			error.stack
				.split('\n')
				.filter((line) => line.startsWith('    at '))
				.join('\n'),
		)}`;
	return sealed;
}

/** Flows throw whatever they like, and things that cannot even be looked at. */
function toldBy(thrown: unknown): ChannelError {
	try {
		return isChannelError(thrown) ? thrown : internal(thrown);
	} catch {
		return internal('something was thrown that does not tell what it is');
	}
}

/** A fault of our own: said as such, so that it gets reported instead of searched for in the settings. */
function internal(thrown: unknown): ChannelError {
	const what = String(thrown instanceof Error ? thrown.message : thrown);
	const error = new ChannelError('Unexpected', {
		en: `Carillon itself failed: ${what}. Please report this.`,
		zh: `Carillon 自身出错：${what}。请反馈给我们。`,
	});
	if (thrown instanceof Error && typeof thrown.stack === 'string') error.stack = thrown.stack;
	return error;
}

/** What became of one recipient, or of the one request that serves them all. */
export interface Recipient {
	/** As the user named it; several in one request are separated by commas, none is empty. */
	to: string;
	/** The service's ids of the parts that it took. */
	ids: string[];
	/** How many parts it took, of how many. */
	parts: number;
	of: number;
	/** What stopped the rest. */
	error?: { class: ErrorClass; code?: string; message: string };
}

/** What stands beside an error once something was delivered before it, or other recipients got theirs. */
export interface PartialDelivery {
	/** Recipients that got all of it. */
	delivered: number;
	failed: { to: string; class: ErrorClass; code?: string }[];
	recipients: readonly Recipient[];
}
