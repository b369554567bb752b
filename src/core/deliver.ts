import { toFile, Unobtainable, type Reaching } from './attachment';
import type {
	Action,
	Call,
	Channel,
	CommonAccount,
	DeliveryOptions,
	File,
	Pace,
	Rendered,
	Renders,
	SendInput,
	Sent,
} from './channel';
import { systemClock, type Clock } from './clock';
import { Deadline, type Halt } from './deadline';
import { ChannelError, invalid, isChannelError, redactor, seal, type Culprit } from './errors';
import { read, readOne, secretsOf, type Fields, type Values } from './field';
import { httpFor, type Http, type VendorJson } from './http';
import type { Language, Text } from './language';
import { readMessage, type Attachment, type Message } from './message';
import { hold, takeTurn } from './pace';
import { enclosuresOf, renderParts, withoutMarkup } from './rendering';
import { dropToken, tokenOf } from './token';
import { withBytes } from './withBytes';

export type { Clock } from './clock';

export interface Receipt {
	ok: true;
	channel: string;
	ids: string[];
	parts: number;
	/** What was lost on the way: `buttons`, `image`, `markup` … */
	degraded: string[];
	attempts: number;
	ms: number;
	/** For edit, recall, reply. Of several parts or targets the last one's; all of them in `handles`. */
	handle?: unknown;
	handles?: unknown[];
	raw: unknown;
	/** Sentences in the account's language. */
	warnings: string[];
}

/** What a host knows and lends. */
export interface Context {
	/** Aborted when the host stops. */
	signal?: AbortSignal;
	/** Reads one of the host's own binary values (an n8n binary property) by name. */
	binary?(name: string): Promise<File>;
	/** Origins that the user named, whose private addresses pictures may be fetched from. */
	trustedOrigins?: readonly string[];
	/** What an earlier try of this very message has delivered already; filled while sending. Keep it to resume. */
	progress?: Progress;
	clock?: Clock;
}

/** JSON-safe. Keys: target and part; and steps within a part. */
export interface Progress {
	sent: Record<string, Sent>;
	steps?: Record<string, unknown>;
}

/** Values as a host stored them, by field key. */
export type Raw = Readonly<Record<string, unknown>>;

type Account = Values<Fields> & CommonAccount;

/**
 * The only way out: reads the forms, renders, splits, paces, sends, retries.
 * `options` are the node's own, with `to` among them where the channel has a target.
 * @throws ChannelError in the account's language, without a secret; nothing else.
 */
export async function deliver(
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	given: unknown,
	context: Context = {},
): Promise<Receipt> {
	const { clock = systemClock, progress = { sent: {} } } = context;
	const started = clock.now();
	let deadline: Deadline | undefined;
	try {
		const accountForm = readForm(channel.account, rawAccount);
		const optionsForm = readForm(channel.options, rawOptions);
		const account = accountForm.values as Account;
		const options = optionsForm.values as Values<Fields> & DeliveryOptions & { allowTo?: boolean };
		const message = readMessage(given);
		deadline = new Deadline(options.deadline, context.signal);
		const renders = channel.renders({ options, account, message });
		const reaching = new Reach(account, context, deadline);
		const enclosing = enclosuresOf(message, renders, reaching);
		const enclosed = enclosing instanceof Promise ? await enclosing : enclosing;
		const rendering = renderParts(message, renders, options.overflow, account.language, enclosed);
		const delivery = new Delivery(
			channel,
			accountForm,
			options,
			renders,
			deadline,
			clock,
			progress,
			started + options.deadline * 1000,
			reaching,
		);
		delivery.degraded = rendering.degraded;
		delivery.warnings = rendering.warnings;
		await delivery.sendAll(rendering.parts, targetsOf(channel, rawOptions, account, options, message));
		const redactAccount = redactorOf(channel.account, rawAccount, accountForm);
		const redactOptions = redactorOf(channel.options, rawOptions, optionsForm);
		return delivery.receipt(rendering.parts.length, started, (text) => redactOptions(redactAccount(text)));
	} catch (error) {
		throw sealedFor(error, channel, rawAccount, rawOptions, channel.options);
	} finally {
		deadline?.end();
	}
}

/** Checks an account without sending anything. @throws ChannelError */
export async function verify(channel: Channel, rawAccount: Raw, context: Context = {}): Promise<void> {
	await sealed(channel, rawAccount, {}, {}, async () => {
		const form = readForm(channel.account, rawAccount);
		await withDeadline(30, context.signal, async (deadline) => {
			const call = callFor(channel, form, deadline, context.clock ?? systemClock);
			await refreshing(() => channel.verify?.(call), call);
		});
	});
}

/** Runs one of the channel's own actions. @throws ChannelError */
export async function act(
	channel: Channel,
	name: string,
	rawAccount: Raw,
	rawInput: Raw,
	context: Context = {},
): Promise<VendorJson> {
	const action = channel.actions[name] as Action | undefined;
	return await sealed(channel, rawAccount, rawInput, action?.fields ?? {}, async () => {
		if (!action)
			throw invalid('operation', {
				en: `${channel.name} has no operation “${name}”.`,
				zh: `${channel.zh}没有“${name}”这个操作。`,
			});
		const form = readForm(channel.account, rawAccount);
		const account = form.values as Account;
		const input = read(action.fields, rawInput);
		return await withDeadline(120, context.signal, async (deadline) => {
			const call = callFor(channel, form, deadline, context.clock ?? systemClock);
			const reaching = new Reach(account, context, deadline);
			const file = (attachment: Attachment) => obtain(attachment, reaching);
			return await refreshing(() => action.run(Object.assign(call, { input, file })), call);
		});
	});
}

class Reach implements Reaching {
	constructor(
		readonly account: Account,
		private readonly context: Context,
		private readonly deadline: Deadline,
	) {}

	get trustedOrigins(): readonly string[] {
		return this.context.trustedOrigins ?? [];
	}

	get binary(): Context['binary'] {
		return this.context.binary;
	}

	get signal(): AbortSignal {
		return this.deadline.signal;
	}
}

async function obtain(attachment: Attachment, reaching: Reaching): Promise<File> {
	try {
		return await toFile(attachment, 'bytes', reaching, false);
	} catch (error) {
		if (error instanceof Unobtainable) throw invalid('file', error.reason);
		throw error;
	}
}

/** Whatever goes wrong inside leaves as a `ChannelError` in the account's language, scrubbed. */
function sealedFor(error: unknown, channel: Channel, rawAccount: Raw, rawOptions: Raw, fields: Fields): ChannelError {
	const redact = redactor([...secretsOf(channel.account, rawAccount), ...secretsOf(fields, rawOptions)]);
	return seal(error, languageOf(channel, rawAccount), redact, channel.id);
}

async function sealed<T>(
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	fields: Fields,
	run: () => Promise<T>,
): Promise<T> {
	try {
		return await run();
	} catch (error) {
		throw sealedFor(error, channel, rawAccount, rawOptions, fields);
	}
}

/** Forms as they were read; messages of one node come with the same ones again and again. */
const forms = new WeakMap<Fields, Map<string, Form>>();
const mostForms = 256;
const longestForm = 4_096;

interface Form {
	/** The form as stored, in one text. */
	id: string;
	values: Values<Fields>;
	redact?: (text: string) => string;
}

function readForm(fields: Fields, raw: Raw): Form {
	const id = JSON.stringify(raw);
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

const redactorOf = (fields: Fields, raw: Raw, form: Form) => (form.redact ??= redactor(secretsOf(fields, raw)));

function languageOf(channel: Channel, rawAccount: Raw): Language {
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

async function withDeadline<T>(
	seconds: number,
	outer: AbortSignal | undefined,
	run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
	const deadline = new Deadline(seconds, outer);
	try {
		return await run(deadline);
	} finally {
		deadline.end();
	}
}

const nameOf = ({ name, zh }: Channel): Text => ({ en: name, zh });

const httpOf = (channel: Channel, account: Account, signal: Halt): Http =>
	httpFor({ name: nameOf(channel), replies: channel.replies, account, signal });

/** What a channel gets to work with. An object of its own kind, because the signal is made only for those who ask. */
class Lent implements Call {
	readonly language: Language;
	readonly now: () => number;

	constructor(
		readonly account: Account,
		readonly http: Http,
		readonly token: Call['token'],
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

class LentForSend extends Lent implements SendInput {
	constructor(
		account: Account,
		http: Http,
		token: Call['token'],
		deadline: Deadline,
		clock: Clock,
		readonly message: Rendered,
		readonly to: string[],
		readonly options: Values<Fields>,
		readonly step: SendInput['step'],
	) {
		super(account, http, token, deadline, clock);
	}
}

function callFor(channel: Channel, form: Form, deadline: Deadline, clock: Clock): Call {
	const account = form.values as Account;
	return new Lent(
		account,
		httpOf(channel, account, deadline),
		tokenFor(channel, form, deadline, clock),
		deadline,
		clock,
	);
}

function tokenFor(channel: Channel, form: Form, deadline: Deadline, clock: Clock): Call['token'] {
	if (!channel.token) return noToken;
	const account = form.values as Account;
	const key = `${channel.id}\n${form.id}`;
	let used: string | undefined;
	const token = async () => {
		const value = await untilAborted(
			tokenOf(key, clock.now(), async () => {
				// Several sends wait for this one request: none of them may cancel it for the others.
				const signal = AbortSignal.timeout(30_000);
				const http = httpOf(channel, account, signal);
				return await channel.token!({ account, http, signal, language: account.language, now: clock.now });
			}),
			deadline.signal,
		);
		used = value;
		return value;
	};
	return Object.assign(token, { drop: () => used !== undefined && dropToken(key, used) });
}

const noToken = () => Promise.reject(new Error('This channel has no token'));

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	if (signal.aborted) return Promise.reject(signal.reason as Error);
	return new Promise((resolve, reject) => {
		const stop = () => reject(signal.reason as Error);
		signal.addEventListener('abort', stop, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
	});
}

const dropTokenOf = ({ token }: { token: Call['token'] }) => (token as unknown as { drop?(): void }).drop?.();

/** Once more with a fresh token where the service calls the one in use stale. */
async function refreshing<T>(run: () => T | Promise<T>, call: Call): Promise<T> {
	try {
		return await run();
	} catch (error) {
		if (!isChannelError(error) || !error.refresh) throw error;
		dropTokenOf(call);
		return await run();
	}
}

function targetsOf(
	channel: Channel,
	rawOptions: Raw,
	account: Account,
	{ allowTo }: { allowTo?: boolean },
	message: Message,
): string[] {
	if (!channel.to || !channel.target) return [];
	const named = allowTo && message.to !== undefined ? message.to : undefined;
	const given = readOne('to', channel.to, named ?? rawOptions.to) as string[];
	const targets = given.length > 0 ? given : (account.to ?? []);
	if (targets.length === 0 && !channel.target.optional) {
		const { label, zh } = channel.target;
		throw invalid('to', {
			en: `Fill in “${label}”, in the account or on the node.`,
			zh: `请在账号或节点中填写“${zh}”。`,
		});
	}
	return [...new Set(targets)];
}

const noCulprits: ReadonlySet<Culprit> = new Set();

interface Failure {
	target: string;
	error: ChannelError;
}

/** One message on its way through one channel. */
class Delivery {
	degraded = new Set<string>();
	warnings: Text[] = [];
	private attempts = 0;
	private readonly key: string;
	private readonly account: Account;
	private readonly http: Http;
	private readonly token: Call['token'];
	private readonly sent: Sent[] = [];
	/** Parts whose pictures and files the service could not fetch, with what we fetched. */
	private carried?: Map<Rendered, Rendered>;

	constructor(
		private readonly channel: Channel,
		form: Form,
		private readonly options: Values<Fields> & DeliveryOptions,
		private readonly renders: Renders,
		private readonly deadline: Deadline,
		private readonly clock: Clock,
		private readonly progress: Progress,
		/** ms since the epoch, by the clock */
		private readonly latest: number,
		private readonly reaching: Reaching,
	) {
		this.key = `${channel.id}\n${form.id}`;
		this.account = form.values as Account;
		this.http = httpOf(channel, this.account, deadline);
		this.token = tokenFor(channel, form, deadline, clock);
	}

	sendAll(parts: readonly Rendered[], targets: readonly string[]): Promise<void> {
		return this.channel.target?.each && targets.length > 1
			? this.sendEach(parts, targets)
			: this.sendParts(parts, targets);
	}

	/** Every target is tried before an error is thrown; the error then tells who got it. */
	private async sendEach(parts: readonly Rendered[], targets: readonly string[]): Promise<void> {
		const failures: Failure[] = [];
		for (const target of targets) {
			try {
				await this.sendParts(parts, [target]);
			} catch (error) {
				if (!isChannelError(error)) throw error;
				failures.push({ target, error });
			}
		}
		if (failures.length > 0) throw summary(failures, targets.length);
	}

	private async sendParts(parts: readonly Rendered[], group: readonly string[]): Promise<void> {
		// A target that moves changes here for the parts to come; what was delivered is remembered under its old name.
		const to = [...group];
		let culprits = noCulprits;
		for (const part of parts) {
			const key = `${group.join('|')}#${part.index}`;
			const done = this.progress.sent[key];
			if (done) {
				this.sent.push(done);
				continue;
			}
			const result = await this.sendPart(part, to, key, culprits);
			culprits = result.culprits;
			this.progress.sent[key] = result.sent;
			this.sent.push(result.sent);
			if (result.sent.degraded) for (const lost of result.sent.degraded) this.degraded.add(lost);
			if (result.sent.warnings) this.warnings.push(...result.sent.warnings);
		}
	}

	/** Until the service takes it, in this order: as it is, with a fresh token, to where the target moved, with bytes for addresses, without what the service refused, later. */
	private async sendPart(
		given: Rendered,
		to: string[],
		key: string,
		known: ReadonlySet<Culprit>,
	): Promise<{ sent: Sent; culprits: ReadonlySet<Culprit> }> {
		const { channel, options, account, http, token, deadline, clock } = this;
		let culprits = known;
		let refreshed = false;
		let moved = false;
		for (let attempt = 1; ; attempt++) {
			if (this.channel.pace) await this.turn(to);
			this.attempts++;
			const part = this.carried?.get(given) ?? given;
			const message =
				culprits.size === 0 ? part : [...culprits].reduce((rest, each) => this.without(rest, each), part);
			try {
				const step = this.steps(key, culprits);
				const sent = await channel.send(
					new LentForSend(account, http, token, deadline, clock, message, to, options, step),
				);
				return { sent, culprits };
			} catch (error) {
				const refused = isChannelError(error) ? error : undefined;
				const { aborted, reason } = deadline;
				const culprit = refused && culpritOf(refused, message);
				if (!refused || aborted)
					throw aborted && reason instanceof ChannelError ? withOutcomeOf(reason, refused) : error;
				if (refused.refresh && !refreshed) {
					refreshed = true;
					dropTokenOf({ token });
					attempt--;
				} else if (refused.movedTo && !moved) {
					moved = true;
					this.warnings.push({
						en: `“${to[0]}” has moved to “${refused.movedTo}”: change it in the account or node.`,
						zh: `“${to[0]}”已变为“${refused.movedTo}”：请在账号或节点中修改。`,
					});
					to.splice(0, 1, refused.movedTo);
					attempt--;
				} else if ((culprit === 'image' || culprit === 'attachment') && (await this.carry(given))) {
					attempt--;
				} else if (culprit && !culprits.has(culprit)) {
					culprits = new Set([...culprits, culprit]);
					this.degraded.add(culprit === 'attachment' ? 'attachments' : culprit);
					this.warnings.push(refused.text);
					attempt--;
				} else {
					await this.backOff(refused, attempt, to);
				}
			}
		}
	}

	/** Once for each part, whoever gets it. */
	private async carry(part: Rendered): Promise<boolean> {
		this.carried ??= new Map();
		if (this.carried.has(part)) return false;
		const carried = await withBytes(part, this.renders, this.reaching);
		this.carried.set(part, carried);
		return carried !== part;
	}

	private without(part: Rendered, culprit: Culprit): Rendered {
		switch (culprit) {
			case 'markup':
				return withoutMarkup(part, this.renders);
			case 'image':
				return { ...part, image: undefined };
			case 'attachment':
				return { ...part, attachments: [] };
			case 'buttons':
				return { ...part, buttons: [] };
			case 'mentions':
				return { ...part, mentions: [] };
		}
	}

	/** Steps are remembered apart for each form of the message: a photo that went without its caption is another photo. */
	private steps(key: string, culprits: ReadonlySet<Culprit>): SendInput['step'] {
		return <T>(name: string, run: () => Promise<T>): Promise<T> => {
			const steps = (this.progress.steps ??= {});
			const id = culprits.size === 0 ? `${key}#${name}` : [key, name, ...culprits].join('#');
			if (id in steps) return Promise.resolve(steps[id] as T);
			return run().then((result) => {
				steps[id] = result;
				return result;
			});
		};
	}

	private async turn(to: readonly string[]): Promise<void> {
		await takeTurn(
			this.paces,
			this.key,
			to.join('|'),
			nameOf(this.channel),
			this.clock,
			this.latest,
			this.deadline.signal,
		);
	}

	private get paces(): readonly Pace[] {
		return this.channel.pace ?? [];
	}

	/** Full jitter: a random wait below a bound that doubles. What the service asks for comes first. @throws the error where there is no point in waiting */
	private async backOff(error: ChannelError, attempt: number, to: readonly string[]): Promise<void> {
		const { options, clock, deadline } = this;
		const inDoubt = error.unknown && !options.repeatUnknown;
		if (!error.transient || inDoubt || attempt >= options.attempts) throw error;
		const asked = error.retryAfter === undefined ? undefined : error.retryAfter * 1000;
		const wait = asked ?? clock.random() * Math.min(30_000, 500 * 2 ** attempt);
		if (clock.now() + wait > this.latest) throw error;
		if (asked !== undefined) hold(this.paces, this.key, to.join('|'), clock.now() + wait);
		await clock.sleep(wait, deadline.signal);
	}

	receipt(parts: number, started: number, redact: (text: string) => string): Receipt {
		const { sent, degraded, warnings, channel, clock, attempts } = this;
		const ids: string[] = [];
		const handles: unknown[] = [];
		for (const { id, handle } of sent) {
			if (id !== undefined) ids.push(String(id));
			if (handle !== undefined) handles.push(handle);
		}
		const said = warnings.map((text) => redact(text[this.account.language]));
		return {
			ok: true,
			channel: channel.id,
			ids,
			parts,
			degraded: [...degraded],
			attempts,
			ms: clock.now() - started,
			...(handles.length > 0 && { handle: handles[handles.length - 1] }),
			...(handles.length > 1 && { handles }),
			raw: scrub(sent.length === 1 ? sent[0]!.raw : sent.map(({ raw }) => raw), redact),
			warnings: said.length > 1 ? [...new Set(said)] : said,
		};
	}
}

/**
 * Services do not always tell a picture from a file. Where there is only one of them it is that one, and what was
 * handed over is not what could not be fetched.
 */
function culpritOf({ because }: ChannelError, { image, attachments }: Rendered): Culprit | undefined {
	const named = attachments.some(({ data }) => !data);
	if (because === 'image' && (image ? image.data && named : attachments.length > 0)) return 'attachment';
	if (because === 'attachment' && image && attachments.length === 0) return 'image';
	return because;
}

/** A reply that echoes the key must not carry it into the flow. */
function scrub(raw: unknown, redact: (text: string) => string): unknown {
	if (raw === undefined || raw === null || typeof raw !== 'object')
		return typeof raw === 'string' ? redact(raw) : (raw ?? null);
	const text = JSON.stringify(raw);
	const clean = redact(text);
	return clean === text ? raw : JSON.parse(clean);
}

const withOutcomeOf = (stopped: ChannelError, last: ChannelError | undefined) =>
	new ChannelError(stopped.class, stopped.text, { ...stopped, unknown: stopped.unknown || (last?.unknown ?? false) });

/** One error for several targets: the class of the first, all sentences, and who got it. */
function summary(failures: readonly Failure[], all: number): ChannelError {
	const [first] = failures as [Failure, ...Failure[]];
	const lines = (language: Language) =>
		failures.map(({ target, error }) => `${target}: ${error.text[language]}`).join(' ');
	const error = new ChannelError(
		first.error.class,
		{
			en: `${failures.length} of ${all} recipients did not get it. ${lines('en')}`,
			zh: `${all} 个接收者中有 ${failures.length} 个未送达。${lines('zh')}`,
		},
		{ ...first.error, transient: failures.some((each) => each.error.transient) },
	);
	error.partial = {
		delivered: all - failures.length,
		failed: failures.map(({ target, error }) => ({ to: target, class: error.class, code: error.code })),
	};
	return error;
}
