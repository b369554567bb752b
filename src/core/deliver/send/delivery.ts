import type { Reaching } from '../obtain/fetching';
import type {
	Call,
	Channel,
	DeliveryOptions,
	Lost,
	Pace,
	Rendered,
	Renders,
	Replaced,
	SendInput,
	Sent,
} from '../../define/channel';
import type { Clock } from '../../base/clock';
import type { Deadline } from '../../base/deadline';
import { ChannelError, isChannelError, type Culprit } from '../../base/errors';
import type { Fields, Values } from '../../base/field';
import type { Account, Form } from '../../define/forms';
import type { Http } from '../../http/http';
import type { Text } from '../../base/language';
import type { Message } from '../../message/message';
import { addressOf, notKnown, notReplaced, ofOtherForm, partsStay, type Earlier } from './earlier';
import { dropTokenOf, httpOf, LentForSend, nameOf, ofProcess, tokenFor, type Lendings } from './lend';
import { hold, takeTurn } from './pace';
import { holdShared, takeSharedTurn } from './sharedPace';
import type { KeyValues } from '../../state/store';
import { afterParts, stopped, summary } from './recipients';
import type { Recipient } from '../../base/errors';
import { Losses } from '../render/losses';
import { markingHttp } from './marking';
import {
	begin,
	fail,
	finish,
	light,
	noteDoubt,
	throwIfDoubtful,
	took,
	type KeptProgress,
	type Progress,
} from './progress';
import type { Receipt } from './receipt';
import { culpritOf, detailsOf, isNothing, lostWith, mediaOf, without } from '../render/refused';
import { scrub } from '../../base/scrub';
import { withBytes } from '../obtain/withBytes';

const noCulprits: ReadonlySet<Culprit> = new Set();

/** What one message is sent with. */
export interface Trip {
	channel: Channel;
	message: Message;
	earlier: Earlier;
	form: Form;
	options: Values<Fields> & DeliveryOptions;
	renders: Renders;
	deadline: Deadline;
	clock: Clock;
	/** ms since the epoch, by the clock */
	latest: number;
	progress: Progress;
	/** Where it outlives the process: then nothing is sent before that is noted. */
	kept?: KeptProgress;
	/** With other processes: turns and tokens. */
	shared?: KeyValues;
	/** What the channel keeps. */
	lasting?: KeyValues;
	reaching: Reaching;
	/** Filled while sending. */
	lent: Lendings;
	losses: Losses;
	warnings: Text[];
	redact(this: void, text: string): string;
}

/** One message on its way through one channel. */
export class Delivery {
	private attempts = 0;
	private readonly key: string;
	private readonly account: Account;
	private readonly http: Http;
	private readonly token: Call['token'];
	private readonly sent: Sent[] = [];
	private readonly recipients: Recipient[] = [];
	/** Parts whose pictures and files the service could not fetch, with what we fetched. */
	private carried?: Map<Rendered, Rendered>;
	/** Of the part that is on its way. */
	private mark?: () => Promise<void>;

	constructor(private readonly trip: Trip) {
		const { channel, form, deadline, clock, lent, kept, shared } = trip;
		this.key = `${channel.id}\n${form.id}`;
		this.account = form.values as Account;
		const http = httpOf(channel, this.account, deadline);
		this.http = kept ? markingHttp(http, async () => await this.mark?.()) : http;
		this.token = tokenFor(channel, form, deadline, clock, lent, shared);
	}

	sendAll(parts: readonly Rendered[], targets: readonly string[]): Promise<void> {
		return this.trip.channel.target?.each && targets.length > 1
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
		const { sent } = this.trip.progress;
		const address = this.addressOf(group);
		const gone: (Replaced | null)[] = [];
		const replaced = address === undefined ? undefined : await this.replacedBy(address);
		let culprits = noCulprits;
		try {
			for (const part of parts) {
				const key = `${group.join('|')}#${part.index}`;
				if (!sent[key]) {
					try {
						if (!this.trip.options.repeatUnknown) throwIfDoubtful(this.trip.progress, key);
						const result = await this.sendPart(part, to, key, culprits, replaced?.[part.index]);
						culprits = result.culprits;
						sent[key] = result.sent;
						if (this.trip.kept) await this.keepSent(this.trip.kept, key, result.sent);
					} catch (error) {
						if (isChannelError(error) && error.unknown) this.doubt(key, error);
						if (this.trip.kept) await this.keepFailed(this.trip.kept, key, error);
						if (recipient.parts === 0 || !isChannelError(error)) throw error;
						throw afterParts(error, recipient, this.account.language);
					}
				}
				this.take(sent[key], recipient, part.index + 1);
				gone.push(replaceable(sent[key]));
			}
			if (replaced && replaced.length > parts.length) this.trip.warnings.push(partsStay);
		} finally {
			// What was not reached stays where it was, for the next try.
			if (address !== undefined && gone.length > 0)
				await this.trip.earlier.keep(address, [...gone, ...(replaced ?? []).slice(gone.length)]);
		}
	}

	/** Where it is remembered, if anything may take its place. */
	private addressOf(group: readonly string[]): string | undefined {
		const { channel, message } = this.trip;
		if (typeof channel.edit !== 'function' || message.key === undefined) return undefined;
		return addressOf(this.key, group, message.key);
	}

	/** The parts whose places are to be taken. */
	private async replacedBy(address: string): Promise<readonly (Replaced | null)[] | undefined> {
		if (!this.trip.message.edit) return undefined;
		const known = await this.trip.earlier.find(address);
		if (known.length === 0) this.goesAnew(notKnown);
		return known;
	}

	private goesAnew(why: Text): void {
		this.trip.losses.note(['edit'], 1);
		this.trip.warnings.push(why);
	}

	private doubt(key: string, error: ChannelError): void {
		noteDoubt(this.trip.progress, key, this.withoutSecrets(error));
	}

	private withoutSecrets(error: ChannelError): ChannelError {
		const { redact } = this.trip;
		return new ChannelError(error.class, { en: redact(error.text.en), zh: redact(error.text.zh) }, error);
	}

	/** Before each try: from its first request on that must not be made twice, or from its beginning. */
	private marksOf(kept: KeptProgress, key: string): Promise<void> | undefined {
		let marked: Promise<void> | undefined;
		const mark = () => (marked ??= kept.keep(begin(key)).catch(notBegun));
		this.mark = mark;
		return (this.trip.channel.transport ?? 'http') === 'http' ? undefined : mark();
	}

	/** It is out: what cannot be noted now goes with the next part, or with the outcome of the whole. */
	private async keepSent(kept: KeptProgress, key: string, sent: Sent): Promise<void> {
		const told = light({
			...sent,
			...('raw' in sent && { raw: scrub(sent.raw, this.trip.redact) as Sent['raw'] }),
		});
		const noted = kept.keep(finish(key, told)).catch(() => undefined);
		kept.progress.sent[key] = sent;
		await noted;
	}

	/** Of one that was cut off before, and is not sent again, nobody knows more than then; nor of a fault on this side. */
	private async keepFailed({ keep }: KeptProgress, key: string, error: unknown): Promise<void> {
		if (!isChannelError(error) || error.code === 'CUT_OFF') return;
		await keep(fail(key, this.withoutSecrets(error))).catch(() => undefined);
	}

	/** What went now, or in an earlier try. */
	private take(sent: Sent, recipient: Recipient, part: number): void {
		this.sent.push(sent);
		recipient.parts++;
		if (sent.id !== undefined) recipient.ids.push(String(sent.id));
		if (sent.degraded) this.trip.losses.note(sent.degraded, part);
		if (sent.warnings) this.trip.warnings.push(...sent.warnings);
	}

	/** Until the service takes it, in this order: as it is, with a fresh token, to where the target moved, with bytes for addresses, without what the service refused, without all details where it does not say which, later, without picture and files where that did not help. */
	private async sendPart(
		given: Rendered,
		to: string[],
		key: string,
		known: ReadonlySet<Culprit>,
		replaced: Replaced | null = null,
	): Promise<{ sent: Sent; culprits: ReadonlySet<Culprit> }> {
		const { channel, options, deadline, clock } = this.trip;
		const { account, http, token } = this;
		let place = replaced;
		let culprits = known;
		let refreshed = false;
		let moved = false;
		let unexplained: ChannelError | undefined;
		const degraded: Lost[] = [];
		const warnings: Text[] = [];
		const anew = (why: Text) => {
			degraded.push('edit');
			warnings.push(why);
		};
		for (let attempt = 1; ; attempt++) {
			if (this.trip.channel.pace) await this.turn(to);
			this.attempts++;
			const part = this.carried?.get(given) ?? given;
			const message =
				culprits.size === 0
					? part
					: [...culprits].reduce(
							(rest, each) => without(rest, each, this.trip.renders, account.language),
							part,
						);
			try {
				const step = this.steps(key, culprits);
				const marked = this.trip.kept && place === null && this.marksOf(this.trip.kept, key);
				if (marked) await marked;
				const input = new LentForSend(
					account,
					http,
					token,
					this.trip.lasting ?? ofProcess,
					deadline,
					clock,
					message,
					to,
					options,
					step,
				);
				const sent = place === null ? await channel.send(input) : await this.edit(input, place);
				if (!sent) {
					place = null;
					anew(ofOtherForm);
					attempt--;
					this.attempts--;
					continue;
				}
				// What it was is not known: the next part tries with all that it has.
				return {
					sent: warnings.length === 0 ? sent : this.with(sent, degraded, warnings),
					culprits: unexplained ? known : culprits,
				};
			} catch (error) {
				// The same change once more does no harm: there is no doubt about it.
				const refused = isChannelError(error) ? (place === null ? error : certain(error)) : undefined;
				const { aborted, reason } = deadline;
				const culprit = refused && culpritOf(refused, message);
				if (!refused || aborted)
					throw aborted && reason instanceof ChannelError
						? withOutcomeOf(reason, refused)
						: (refused ?? error);
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
					if (isNothing(without(message, culprit, this.trip.renders, account.language))) throw refused;
					culprits = new Set([...culprits, culprit]);
					degraded.push(lostWith(culprit, message));
					warnings.push(refused.text);
					attempt--;
				} else if (place !== null && !refused.transient && refused.class !== 'Unauthorized') {
					place = null;
					anew(notReplaced(refused.text));
					attempt--;
				} else if (unexplained && !refused.transient) {
					// Not because of the details.
					throw unexplained;
				} else if (refused.unexplained && this.mayGoBare(message)) {
					unexplained = refused;
					degraded.push(...detailsOf(message, this.trip.renders));
					culprits = new Set([...culprits, 'details']);
					warnings.push(refused.text);
					attempt--;
				} else if (!unexplained && this.mayBeOfMedia(refused, attempt, message)) {
					unexplained = refused;
					degraded.push(...mediaOf(message));
					culprits = new Set([...culprits, 'media']);
					warnings.push(refused.text);
					attempt--;
				} else {
					const { kept } = this.trip;
					// While it waits, nothing is under way.
					if (kept && !refused.unknown) await this.keepFailed(kept, key, refused);
					await this.backOff(refused, attempt, to);
				}
			}
		}
	}

	private async edit(input: LentForSend, place: Replaced): Promise<Sent | undefined> {
		const { edit } = this.trip.channel;
		const sent = typeof edit === 'function' ? await edit(Object.assign(input, place)) : undefined;
		return sent && { form: place.form, ...sent, edited: true };
	}

	/** Whether there is a text, and something beside it that the service may not want. */
	private mayGoBare(part: Rendered): boolean {
		const { renders } = this.trip;
		return (
			detailsOf(part, renders).length > 0 && !isNothing(without(part, 'details', renders, this.account.language))
		);
	}

	/** Whether the way that pictures and files take may be all that is closed, or broken for good. */
	private mayBeOfMedia(error: ChannelError, attempt: number, part: Rendered): boolean {
		const { renders, options } = this.trip;
		return (
			error.ofWay &&
			!error.unknown &&
			(!error.transient || attempt >= options.attempts) &&
			mediaOf(part).length > 0 &&
			!isNothing(without(part, 'media', renders, this.account.language))
		);
	}

	/** What it took to send a part is remembered with it: a later try that finds it delivered tells it too. */
	private with(sent: Sent, degraded: readonly Lost[], warnings: readonly Text[]): Sent {
		const { redact } = this.trip;
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
		const carried = await withBytes(part, this.trip.renders, this.trip.reaching);
		this.carried.set(part, carried);
		return carried !== part;
	}

	/** Steps are remembered apart for each form of the message: a photo that went without its caption is another photo. */
	private steps(key: string, culprits: ReadonlySet<Culprit>): SendInput['step'] {
		return <T>(name: string, run: () => Promise<T>): Promise<T> => {
			const steps = (this.trip.progress.steps ??= {});
			// What was taken before a detail was refused, the text among it, has arrived.
			const without =
				culprits.size === 0 ? [] : [...culprits].filter((each) => each !== 'details' && each !== 'media');
			const id = without.length === 0 ? `${key}#${name}` : [key, name, ...without].join('#');
			if (id in steps) return Promise.resolve(steps[id] as T);
			const { kept } = this.trip;
			return run().then((result) => {
				steps[id] = result;
				if (!kept) return result;
				// Where it cannot be noted now, it goes with what comes next.
				const told = () => result;
				return kept.keep(took(id, result)).then(told, told);
			});
		};
	}

	private async turn(to: readonly string[]): Promise<void> {
		const { channel, clock, latest, deadline, shared } = this.trip;
		const waiting = [this.key, to.join('|'), nameOf(channel), clock, latest, deadline.signal] as const;
		await takeTurn(this.paces, ...waiting);
		if (shared) await takeSharedTurn(shared, this.paces, ...waiting);
	}

	private get paces(): readonly Pace[] {
		return this.trip.channel.pace ?? [];
	}

	/** Full jitter: a random wait below a bound that doubles. What the service asks for comes first. @throws the error where there is no point in waiting */
	private async backOff(error: ChannelError, attempt: number, to: readonly string[]): Promise<void> {
		const { options, clock, deadline } = this.trip;
		const inDoubt = error.unknown && !options.repeatUnknown;
		if (!error.transient || inDoubt || attempt >= options.attempts) throw error;
		const asked = error.retryAfter === undefined ? undefined : error.retryAfter * 1000;
		const wait = asked ?? clock.random() * Math.min(30_000, 500 * 2 ** attempt);
		const now = clock.now();
		if (now + wait > this.trip.latest) throw error;
		if (asked !== undefined) {
			const held = [this.paces, this.key, to.join('|'), now + wait, now] as const;
			hold(...held);
			if (this.trip.shared) holdShared(this.trip.shared, ...held);
		}
		await clock.sleep(wait, deadline.signal);
	}

	receipt(parts: number, started: number): Receipt {
		const { warnings, channel, clock, redact } = this.trip;
		const { sent, recipients, attempts } = this;
		const ids = recipients.length === 1 ? recipients[0]!.ids : recipients.flatMap((each) => each.ids);
		const handles: unknown[] = [];
		const losses = this.trip.losses.all;
		for (const { handle } of sent) if (handle !== undefined) handles.push(handle);
		const said = warnings.map((text) => redact(text[this.account.language]));
		// A service that echoes the key, in whatever place, must not carry it into the flow.
		const told = <T>(value: T) => scrub(value, redact) as T;
		const ms = Math.max(0, clock.now() - started);
		const kinds = losses.map(({ kind }) => kind);
		const degraded = kinds.length > 1 ? [...new Set(kinds)] : kinds;
		const receipt = {
			ok: true,
			channel: channel.id,
			ids: told(ids),
			parts,
			degraded,
			losses,
			attempts,
			ms,
		} as Receipt;
		if (sent.length > 0 && sent.every(({ edited }) => edited)) receipt.edited = true;
		if (recipients.length > 1) receipt.recipients = told(recipients);
		if (handles.length > 0) receipt.handle = told(handles[handles.length - 1]);
		if (handles.length > 1) receipt.handles = told(handles);
		receipt.raw = told(sent.length === 1 ? sent[0]!.raw : sent.map(({ raw }) => raw));
		receipt.warnings = said.length > 1 ? [...new Set(said)] : said;
		return receipt;
	}
}

const replaceable = ({ handle, form }: Sent): Replaced | null =>
	handle === undefined ? null : { handle, ...(form !== undefined && { form }) };

/** Whatever became of the note, nothing was sent. */
function notBegun(error: unknown): never {
	throw isChannelError(error) ? certain(error) : error;
}

const certain = (error: ChannelError) =>
	error.unknown ? new ChannelError(error.class, error.text, { ...error, unknown: false }) : error;

const withOutcomeOf = (stopped: ChannelError, last: ChannelError | undefined) =>
	new ChannelError(stopped.class, stopped.text, { ...stopped, unknown: stopped.unknown || (last?.unknown ?? false) });
