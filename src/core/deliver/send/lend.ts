import type { Call, Channel, Rendered, SendInput } from '../../define/channel';
import type { Clock } from '../../base/clock';
import type { Deadline, Halt } from '../../base/deadline';
import { isChannelError } from '../../base/errors';
import type { Fields, Values } from '../../base/field';
import type { Account, Form } from '../../define/forms';
import type { Context } from '../context';
import { httpFor, type Http } from '../../http/http';
import type { Language, Text } from '../../base/language';
import { writers } from '../render/composing';
import { picturesOf } from '../render/refused';
import { memoryStore } from '../../state/memory';
import type { KeyValues } from '../../state/store';
import { sharedToken } from './sharedToken';
import { dropToken, tokenOf } from './token';

export const nameOf = ({ name, zh }: Channel): Text => ({ en: name, zh });

export const httpOf = (channel: Channel, account: Account, signal: Halt): Http =>
	httpFor({ name: nameOf(channel), replies: channel.replies, account, signal });

/** Of hosts that lend nothing better. */
export const ofProcess: KeyValues = memoryStore();

/** What a channel gets to work with. An object of its own kind, because the signal is made only for those who ask. */
class Lent implements Call {
	readonly language: Language;
	readonly now: () => number;

	constructor(
		readonly account: Account,
		readonly http: Http,
		readonly token: Call['token'],
		readonly lasting: KeyValues,
		private readonly deadline: Deadline,
		clock: Clock,
	) {
		this.language = account.language;
		this.now = clock.now;
	}

	get signal(): AbortSignal {
		return this.deadline.signal;
	}
}

export class LentForSend extends Lent implements SendInput {
	constructor(
		account: Account,
		http: Http,
		token: Call['token'],
		lasting: KeyValues,
		deadline: Deadline,
		clock: Clock,
		readonly message: Rendered,
		readonly to: string[],
		readonly options: Values<Fields>,
		readonly step: SendInput['step'],
	) {
		super(account, http, token, lasting, deadline, clock);
	}

	linkToImage(): string {
		return picturesOf(this.message, this.language)
			.map(({ text, url }) => writers.text.link(text, url))
			.join('');
	}
}

/** Tokens that were handed to a channel, so that no error and no receipt tells them. */
export type Lendings = Set<string>;

export function callFor(
	channel: Channel,
	form: Form,
	deadline: Deadline,
	clock: Clock,
	lent: Lendings,
	{ shared, lasting = ofProcess }: Pick<Context, 'shared' | 'lasting'>,
): Call {
	const account = form.values as Account;
	return new Lent(
		account,
		httpOf(channel, account, deadline),
		tokenFor(channel, form, deadline, clock, lent, shared),
		lasting,
		deadline,
		clock,
	);
}

export function tokenFor(
	channel: Channel,
	form: Form,
	deadline: Deadline,
	clock: Clock,
	lent: Lendings,
	shared?: KeyValues,
): Call['token'] {
	if (!channel.token) return noToken;
	const account = form.values as Account;
	const key = `${channel.id}\n${form.id}`;
	let used: string | undefined;
	let refused: string | undefined;
	const token = async () => {
		const value = await tokenOf(
			key,
			clock.now(),
			async (stop) => {
				const signal = AbortSignal.any([stop, AbortSignal.timeout(30_000)]);
				const http = httpOf(channel, account, signal);
				const call = { account, http, signal, language: account.language, now: clock.now };
				const fetch = () => channel.token!(call);
				if (!shared || form.id === '') return await fetch();
				return await sharedToken(shared, key, fetch, clock, signal, refused);
			},
			deadline,
		);
		used = value;
		lent.add(value);
		return value;
	};
	const drop = () => {
		if (used === undefined) return;
		dropToken(key, used);
		refused = used;
	};
	return Object.assign(token, { drop });
}

const noToken = () => Promise.reject(new Error('This channel has no token'));

export const dropTokenOf = ({ token }: { token: Call['token'] }) => (token as unknown as { drop?(): void }).drop?.();

/** Once more with a fresh token where the service calls the one in use stale. */
export async function refreshing<T>(run: () => T | Promise<T>, call: Call): Promise<T> {
	try {
		return await run();
	} catch (error) {
		if (!isChannelError(error) || !error.refresh) throw error;
		dropTokenOf(call);
		return await run();
	}
}
