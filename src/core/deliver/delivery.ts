import type { Reaching } from './obtaining';
import type { Call, Channel, DeliveryOptions, Pace, Rendered, Renders, SendInput, Sent } from '../define/channel';
import type { Clock } from '../base/clock';
import type { Deadline } from '../base/deadline';
import { ChannelError, isChannelError, type Culprit } from '../base/errors';
import type { Fields, Values } from '../base/field';
import type { Account, Form } from '../define/forms';
import type { Http } from '../http/http';
import type { Text } from '../base/language';
import { dropTokenOf, httpOf, LentForSend, nameOf, tokenFor, type Lendings } from './lend';
import { hold, takeTurn } from './pace';
import { afterParts, stopped, summary } from './recipients';
import type { Recipient } from '../base/errors';
import { withoutMarkup, Losses } from './rendering';
import { scrub } from '../base/scrub';
import type { Loss } from '../markup';
import { withBytes } from './withBytes';

export interface Receipt {
	ok: true;
	channel: string;
	ids: string[];
	parts: number;
	/** What was lost on the way: `buttons`, `image`, `markup` … */
	degraded: string[];
	/** The same apart: how many of them in which part, from 1 (of `cut` and `title`: characters). */
	losses: Loss[];
	attempts: number;
	ms: number;
	/** One result each, where each recipient got a message of its own. */
	recipients?: Recipient[];
	/** For edit, recall, reply. Of several parts or targets the last one's; all of them in `handles`. */
	handle?: unknown;
	handles?: unknown[];
	raw: unknown;
	/** Sentences in the account's language. */
	warnings: string[];
}

/** JSON-safe. Keys: target and part; and steps within a part. */
export interface Progress {
	sent: Record<string, Sent>;
	steps?: Record<string, unknown>;
	/** What may have arrived: a later try does not send it again unless the user allows it. */
	doubts?: Record<string, Doubt>;
}

type Doubt = Pick<ChannelError, 'class' | 'text' | 'code' | 'status'>;

/** @param error without a secret */
export function noteDoubt(progress: Progress, key: string, error: ChannelError): void {
	const { unknown, class: errorClass, text, code, status } = error;
	if (unknown) (progress.doubts ??= {})[key] = { class: errorClass, text, code, status };
}

/** @throws ChannelError that an earlier try ended with */
export function throwIfDoubtful({ doubts }: Progress, key: string): void {
	const doubt = doubts?.[key];
	if (doubt) throw new ChannelError(doubt.class, doubt.text, { ...doubt, unknown: true, transient: false });
}

const noCulprits: ReadonlySet<Culprit> = new Set();

/** One message on its way through one channel. */
export class Delivery {
	losses = new Losses();
	warnings: Text[] = [];
	private attempts = 0;
	private readonly key: string;
	private readonly account: Account;
	private readonly http: Http;
	private readonly token: Call['token'];
	private readonly sent: Sent[] = [];
	private readonly recipients: Recipient[] = [];
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
		private readonly redact: (text: string) => string,
		lent: Lendings,
	) {
		this.key = `${channel.id}\n${form.id}`;
		this.account = form.values as Account;
		this.http = httpOf(channel, this.account, deadline);
		this.token = tokenFor(channel, form, deadline, clock, lent);
	}

	sendAll(parts: readonly Rendered[], targets: readonly string[]): Promise<void> {
		return this.channel.target?.each && targets.length > 1
			? this.sendEach(parts, targets)
			: this.sendParts(parts, targets);
	}

	/** Every target is tried before an error is thrown; the error then tells who got it. */
	private async sendEach(parts: readonly Rendered[], targets: readonly string[]): Promise<void> {
		const failures: { target: string; error: ChannelError }[] = [];
		for (const target of targets) {
			try {
				await this.sendParts(parts, [target]);
			} catch (error) {
				if (!isChannelError(error)) throw error;
				stopped(this.recipients.at(-1)!, error, this.account.language);
				failures.push({ target, error });
			}
		}
		if (failures.length > 0) throw summary(failures, this.recipients);
	}

	private async sendParts(parts: readonly Rendered[], group: readonly string[]): Promise<void> {
		const recipient: Recipient = { to: group.join(', '), ids: [], parts: 0, of: parts.length };
		this.recipients.push(recipient);
		// A target that moves changes here for the parts to come; what was delivered is remembered under its old name.
		const to = [...group];
		const { sent } = this.progress;
		let culprits = noCulprits;
		for (const part of parts) {
			const key = `${group.join('|')}#${part.index}`;
			if (!sent[key]) {
				try {
					if (!this.options.repeatUnknown) throwIfDoubtful(this.progress, key);
					const result = await this.sendPart(part, to, key, culprits);
					culprits = result.culprits;
					sent[key] = result.sent;
				} catch (error) {
					if (isChannelError(error) && error.unknown) this.doubt(key, error);
					if (recipient.parts === 0 || !isChannelError(error)) throw error;
					throw afterParts(error, recipient, this.account.language);
				}
			}
			this.take(sent[key], recipient, part.index + 1);
		}
	}

	private doubt(key: string, error: ChannelError): void {
		const { redact } = this;
		const text = { en: redact(error.text.en), zh: redact(error.text.zh) };
		noteDoubt(this.progress, key, new ChannelError(error.class, text, error));
	}

	/** What went now, or in an earlier try. */
	private take(sent: Sent, recipient: Recipient, part: number): void {
		this.sent.push(sent);
		recipient.parts++;
		if (sent.id !== undefined) recipient.ids.push(String(sent.id));
		if (sent.degraded) for (const kind of sent.degraded) this.losses.note(kind, part);
		if (sent.warnings) this.warnings.push(...sent.warnings);
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
		const degraded: string[] = [];
		const warnings: Text[] = [];
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
				return { sent: warnings.length === 0 ? sent : this.with(sent, degraded, warnings), culprits };
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
					warnings.push({
						en: `“${to[0]}” has moved to “${refused.movedTo}”: change it in the account or node.`,
						zh: `“${to[0]}”已变为“${refused.movedTo}”：请在账号或节点中修改。`,
					});
					to.splice(0, 1, refused.movedTo);
					attempt--;
				} else if ((culprit === 'image' || culprit === 'attachment') && (await this.carry(given))) {
					attempt--;
				} else if (culprit && !culprits.has(culprit)) {
					// Without it there would be nothing left to send, and nothing sent is no yes.
					if (isNothing(this.without(message, culprit))) throw refused;
					culprits = new Set([...culprits, culprit]);
					degraded.push(culprit === 'attachment' ? 'attachments' : culprit);
					warnings.push(refused.text);
					attempt--;
				} else {
					await this.backOff(refused, attempt, to);
				}
			}
		}
	}

	/** What it took to send a part is remembered with it: a later try that finds it delivered tells it too. */
	private with(sent: Sent, degraded: readonly string[], warnings: readonly Text[]): Sent {
		const { redact } = this;
		return {
			...sent,
			degraded: [...degraded, ...(sent.degraded ?? [])],
			warnings: [...warnings.map(({ en, zh }) => ({ en: redact(en), zh: redact(zh) })), ...(sent.warnings ?? [])],
		};
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
		const now = clock.now();
		if (now + wait > this.latest) throw error;
		if (asked !== undefined) hold(this.paces, this.key, to.join('|'), now + wait, now);
		await clock.sleep(wait, deadline.signal);
	}

	receipt(parts: number, started: number): Receipt {
		const { sent, recipients, warnings, channel, clock, attempts, redact } = this;
		const ids = recipients.length === 1 ? recipients[0]!.ids : recipients.flatMap((each) => each.ids);
		const handles: unknown[] = [];
		const losses = this.losses.all;
		for (const { handle } of sent) if (handle !== undefined) handles.push(handle);
		const said = warnings.map((text) => redact(text[this.account.language]));
		// A service that echoes the key, in whatever place, must not carry it into the flow.
		const told = <T>(value: T) => scrub(value, redact) as T;
		return {
			ok: true,
			channel: channel.id,
			ids: told(ids),
			parts,
			degraded: [...new Set(losses.map(({ kind }) => kind))],
			losses,
			attempts,
			ms: Math.max(0, clock.now() - started),
			...(recipients.length > 1 && { recipients: told(recipients) }),
			...(handles.length > 0 && { handle: told(handles[handles.length - 1]) }),
			...(handles.length > 1 && { handles: told(handles) }),
			raw: told(sent.length === 1 ? sent[0]!.raw : sent.map(({ raw }) => raw)),
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
	const isMedia = because === 'image' || because === 'attachment';
	return isMedia && !image && attachments.length === 0 ? undefined : because;
}

const isNothing = ({ title, body, image, attachments }: Rendered) =>
	!title && body.trim() === '' && !image && attachments.length === 0;

const withOutcomeOf = (stopped: ChannelError, last: ChannelError | undefined) =>
	new ChannelError(stopped.class, stopped.text, { ...stopped, unknown: stopped.unknown || (last?.unknown ?? false) });
