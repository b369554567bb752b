import type { Channel, CommonAccount } from './channel';
import { redactor } from '../base/errors';
import { read, readOne, type Fields, type Values } from '../base/field';
import { secretsOf } from '../base/secrets';
import type { Language } from '../base/language';

/** Values as a host stored them, by field key. */
export type Raw = Readonly<Record<string, unknown>>;

export type Account = Values<Fields> & CommonAccount;

/** Forms as they were read; messages of one node come with the same ones again and again. */
const forms = new WeakMap<Fields, Map<string, Form>>();
const mostForms = 256;
const longestForm = 4_096;

export interface Form {
	/** The form as stored, in one text. */
	id: string;
	values: Values<Fields>;
	redact?: (text: string) => string;
}

export function readForm(fields: Fields, raw: Raw): Form {
	const id = idOf(raw);
	if (id === undefined) return { id: '', values: read(fields, raw) };
	let known = forms.get(fields);
	if (!known) forms.set(fields, (known = new Map()));
	const found = known.get(id);
	if (found) return found;
	const form: Form = { id, values: Object.freeze(read(fields, raw)) };
	if (id.length > longestForm) return form;
	if (known.size >= mostForms) known.delete(known.keys().next().value as string);
	known.set(id, form);
	return form;
}

/** What a message brings may be circular, or hold a BigInt; an account is always text. */
function idOf(raw: Raw): string | undefined {
	try {
		return JSON.stringify(raw);
	} catch {
		return undefined;
	}
}

export const redactorOf = (fields: Fields, raw: Raw, form: Form) => (form.redact ??= redactor(secretsOf(fields, raw)));

export function languageOf(channel: Channel, rawAccount: Raw): Language {
	try {
		return readOne(
			'language',
			channel.account.language!,
			rawAccount.language ?? channel.account.language!.default,
		) as Language;
	} catch {
		// Which language it should be said in is just what is wrong; `read` says the rest.
		return 'en';
	}
}
