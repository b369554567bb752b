import type { RequestHead } from '../http/incoming';
import { systemClock, type Clock } from '../base/clock';
import type { Access } from '../define/access';
import { redactor, seal, type ChannelError } from '../base/errors';
import { choice, number, read, type Field, type Fields, type Values } from '../base/field';
import { secretsOf } from '../base/secrets';
import { atOnce, inTurns, type Turns } from '../base/turns';
import { withLateMetadata } from './late';
import type { Inbox, Kept } from './keep/inbox';
import type { Told } from './keep/content';
import { namedOrigins, withPictures } from './pictures';
import { Naming, withId } from './naming';
import { garbled, refuse, tooLarge, wrongMethod } from './refusing';
import { accepted, Repeats, tellRepeats } from './repeats';
import { isSpentElsewhere, spentBeside } from './spent';
import type { KeyValues } from '../state/store';
import {
	Refusal,
	accessOf,
	type Afterwards,
	type Happening,
	type IncomingRequest,
	type LookingUp,
	type OutgoingReply,
	type Received,
	type Receiving,
	type Trigger,
} from '../define/trigger';
import { unpack } from './body/unpack';
import { WaitingRoom } from './waiting';

/** A trigger's account as hosts show and store it: its own fields, and the language of its texts. */
export function triggerAccount(trigger: Trigger): Fields {
	if ('language' in trigger.account) return trigger.account;
	const language = choice(
		'Language',
		{ en: ['English', '英语'], zh: ['Chinese', '中文'] },
		{
			zh: '语言',
			help: { en: 'Of the messages and of what senders are told', zh: '消息文案以及回复发送方时所用的语言' },
			default: 'en',
		},
	);
	return { ...trigger.account, language: language as Field };
}

/** What every trigger's node has after its own options. */
export const receptionOptions = {
	repeatWindow: number('Ignore repeats within (seconds)', {
		zh: '忽略重复（秒）',
		default: 60,
		min: 0,
		max: 86_400,
		help: {
			en: 'The same happening told twice within this time rings once; 0 lets every one through',
			zh: '同一事件在此时间内重复到达时只通知一次；0 表示全部放行',
		},
	}),
} as const;

export interface Outcome {
	/** What the request came to. */
	reply: OutgoingReply;
	/** The reply as it goes out: that of a request whose happenings were all told before says so. At once, but for a slow store. Never rejects. */
	answer: Promise<OutgoingReply>;
	/** What goes into the flow: without repeats, after waiting for late metadata. Never rejects. */
	happenings: Promise<Happening[]>;
	/** Settles when what is said afterwards has been said, with what went wrong. Never rejects. */
	afterwards?: Promise<ChannelError | undefined>;
	/** A fault on this side, for the host's log. The sender was told no more than that there is one. */
	failure?: ChannelError;
}

export interface Reception {
	/** Who may call; while it is an error, all are refused with its sentence, and hosts show it. */
	readonly access: Access | ChannelError;
	/** The largest body that is read, in bytes. */
	readonly maxBytes: number;
	/** Judges the head alone: the answer that ends the request, or `undefined` where the body is worth reading. */
	admit(head: RequestHead): (OutgoingReply & Pick<Outcome, 'failure'>) | undefined;
	/** Answer for a body that grew past `maxBytes` while it was read. */
	tooLarge(): OutgoingReply;
	/** Takes a body out of what `Content-Encoding` says it is packed in: its bytes, or the refusal. Never rejects. */
	unpack(body: Uint8Array, encoding: string | undefined): Promise<Uint8Array | OutgoingReply>;
	/** Answer for a body that is not packed as it says. */
	garbled(): OutgoingReply;
	/** Admits, measures and receives, all of it now. Never throws. */
	receive(request: IncomingRequest): Outcome;
	/** The same with a turn for others wherever a large body has taken its own; a small one takes no other turn. Never rejects. */
	receiveInTurns(request: IncomingRequest): Outcome | Promise<Outcome>;
	/** The same of what came by other ways than a request, with the answer for its sender, who is told of repeats. */
	take(happenings: readonly Happening[]): Pick<Outcome, 'answer' | 'happenings'> & {
		/** Settles once they are written down, or are not to be; undefined: they are written nowhere. */
		written?: Promise<void>;
	};
	/** Drops repeats, waits for and asks for what is late, and fetches pictures that only this side can see. Never rejects. */
	settle(happenings: readonly Happening[]): Promise<Happening[]>;
	/** What was kept and comes again: without what others have told meanwhile. Never rejects. */
	resume(owner: string, happenings: readonly Told[]): Promise<Happening[]>;
	/** Gives out what still waits, now. */
	close(): void;
}

export interface ReceptionSetup {
	/** As the host stored them. */
	account: Readonly<Record<string, unknown>>;
	options: Readonly<Record<string, unknown>>;
	store: KeyValues;
	/** Where channels keep what is to outlive the process; by default `store`. */
	lasting?: KeyValues;
	/** Other processes receive for the same node, and remember in the same store. */
	isShared?: boolean;
	/** Where what came in is written down before its sender is told so. By default nowhere. */
	inbox?: Inbox;
	/** Keeps the keys of one node apart from those of another in the same store. */
	scope?: string;
	now?(): number;
	/** Of waiting for late metadata. */
	clock?: Pick<Clock, 'now' | 'sleep'>;
}

const defaultMaxBytes = 10 * 1024 * 1024;
/** s */
const aDay = 86_400;

/**
 * Stands between a host and a trigger: who may send, how much, what is answered, and which happenings go on.
 * @throws ChannelError `Invalid(field)` where the account or the options cannot be used
 */
export function receptionist(trigger: Trigger, setup: ReceptionSetup): Reception {
	const {
		store,
		lasting = store,
		isShared = false,
		inbox,
		scope = trigger.id,
		now = Date.now,
		clock = systemClock,
	} = setup;
	const account = read(triggerAccount(trigger), setup.account) as Receiving['account'];
	const options = read(trigger.options, setup.options);
	const { repeatWindow } = read(receptionOptions, setup.options) as Values<typeof receptionOptions>;
	const redact = redactor(secretsOf(trigger.account, setup.account));
	const { language } = account;
	const methods: readonly string[] = trigger.methods ?? ['POST'];
	const maxBytes = trigger.maxBytes?.(options) ?? defaultMaxBytes;
	const origins = [...namedOrigins(trigger.account, account), ...namedOrigins(trigger.options, options)];
	const closing = new AbortController();
	const spent = spentBeside(store);
	const waiting = new WaitingRoom(now);
	const told = new Repeats(store, scope, repeatWindow);
	const naming = new Naming(store, scope, repeatWindow, now);
	/** Heads that have been judged once: the same object comes again with its body. */
	const admitted = new WeakSet<object>();

	const receiving = (request: IncomingRequest): Receiving => ({ request, account, options, now: now() });

	/** The answer to whatever a trigger threw, and what the host should log. */
	const judge = (thrown: unknown): { reply: OutgoingReply; failure?: ChannelError } => {
		if (thrown instanceof Refusal)
			return { reply: thrown.reply ?? refuse(language, thrown.status, thrown.reason, thrown.headers) };
		const failure = seal(thrown, language, redact);
		const text = { en: 'The receiver failed; its log says why.', zh: '接收端出错，详情见其日志。' };
		return { reply: refuse(language, 500, text), failure };
	};

	const gate = (head: RequestHead): { reply: OutgoingReply; failure?: ChannelError } | undefined => {
		if (!methods.includes(head.method)) return { reply: wrongMethod(language, methods) };
		try {
			trigger.authorize?.(receiving({ ...head, body: nothing }));
		} catch (thrown) {
			return judge(thrown);
		}
		return Number(head.headers['content-length']) > maxBytes ? { reply: tooLarge(language, maxBytes) } : undefined;
	};

	/** What was written down claims in its own name: whoever takes it up again finds what it had. */
	const isOwn = async (key: string | undefined, remember: number | undefined, owner: string): Promise<boolean> =>
		!inbox || (await told.isFirst(key, remember, (place, seconds) => inbox.claim(place, seconds, owner)));

	const isFirst = async (key: string | undefined, remember?: number, kept?: Kept): Promise<boolean> => {
		if (kept && !(kept.isFirst ?? (await isOwn(key, remember, kept.owner)))) return false;
		// What came while it could not be written down is known here alone, and the other way round.
		return (kept && isShared) || (await told.isFirst(key, remember));
	};

	const claim = async (happening: Happening, kept?: Kept) =>
		(await isFirst(happening.key, happening.remember, kept))
			? { ...happening, id: happening.id ?? naming.idOf(happening) }
			: undefined;

	const carryOut = async ({ key, run }: Afterwards): Promise<ChannelError | undefined> => {
		if (!(await told.isFirst(`answer:${key}`, aDay))) return undefined;
		try {
			const failure = await run(closing.signal);
			return closing.signal.aborted ? undefined : failure;
		} catch (thrown) {
			return seal(thrown, language, redact);
		}
	};

	/** Whether it was told before, as far as that is known when it comes: what is to wait for late metadata is claimed after that. */
	const waitsOrWas = async ({ key, subject = key }: Happening, kept?: Kept): Promise<boolean> => {
		if (key === undefined) return false;
		if (waiting.keyFor(subject!) === key) return true;
		return await (inbox && kept ? told.was(key, (place) => inbox.isTaken(place)) : told.was(key));
	};

	const settleOne = (happening: Happening, kept?: Kept): Promise<Happening | undefined> => {
		const { key, settle, subject = key } = happening;
		if (subject === undefined) return claim(happening, kept);
		const earlier = waiting.replace(subject);
		if (!settle || closing.signal.aborted) return claim(happening, kept);
		// One that keeps coming incomplete does not push its own deadline away.
		const until = earlier ?? now() + settle * 1000;
		return waiting.hold(subject, happening, until, settle).then((one) => one && claim(one, kept));
	};

	const complete = async (waiting: Promise<Happening | undefined>, kept?: Kept): Promise<Happening | undefined> => {
		const settled = await waiting;
		if (!settled) return undefined;
		const named = async (happening: Happening) =>
			// Whatever more became known of it, it stays the one that was claimed.
			withId(await withPictures(happening, origins, closing.signal), settled.id!);
		if (!settled.late) return await named(settled);
		const whole = await withLateMetadata(settled, origins, closing.signal, clock);
		// Its sender may have told it whole in the meantime, or do so yet.
		if (whole.knownAs !== settled.key && !(await isFirst(whole.knownAs, 0, kept && { owner: kept.owner })))
			return undefined;
		return await named(whole);
	};

	/** Writes down what came at once, before anybody is told that it did; undefined where it is not. Never rejects. */
	const keep = async (happenings: readonly Happening[]): Promise<Kept | undefined> => {
		if (!inbox || happenings.length === 0) return undefined;
		const [first] = happenings as [Happening];
		// Of several, or of one that waits, it is claimed once they are written down.
		const place = happenings.length === 1 && !first.settle ? told.placeOf(first.key, first.remember) : undefined;
		try {
			return await inbox.keep(happenings.map(asClaimed), place && { ...place, id: first.id! });
		} catch (error) {
			inbox.failed(error);
			return undefined;
		}
	};

	/** One that is let through however often it comes needs no key, nor gets another meaning by it later. */
	const asClaimed = (one: Happening) => (told.placeOf(one.key, one.remember) ? one : { ...one, key: undefined });

	/** What of them goes on; what is kept of them says so. */
	const goOn = async (all: readonly (Happening | undefined)[], kept?: Kept): Promise<Happening[]> => {
		const left = all.flatMap((one, at) => (one ? [at] : []));
		const happenings = all.filter((one) => one !== undefined);
		const batch = kept?.batch;
		if (!inbox || batch === undefined) return happenings;
		try {
			if (left.length === 0) await inbox.forget(batch);
			else if (left.length < all.length) await inbox.narrow(batch, left);
		} catch (error) {
			// Should this process end now, they come again, and are claimed once more.
			inbox.failed(error);
		}
		return happenings.map((one) => ({ ...one, kept: batch }));
	};

	const settleAll = async (happenings: readonly Happening[], kept?: Kept): Promise<Happening[]> =>
		await goOn(await Promise.all(happenings.map((happening) => complete(settleOne(happening, kept), kept))), kept);

	const named = (happenings: readonly Happening[]) =>
		happenings.map((happening) => ({ ...happening, id: naming.idOf(happening) }));

	const settle = async (happenings: readonly Happening[]): Promise<Happening[]> => {
		if (!inbox) return await settleAll(happenings);
		const all = named(happenings);
		return await settleAll(all, await keep(all));
	};

	const resume = async (owner: string, happenings: readonly Told[]): Promise<Happening[]> => {
		const all = await Promise.all(
			happenings.map(async (happening) =>
				(await isOwn(happening.key, happening.remember, owner))
					? withId(await withPictures(happening, origins, closing.signal), happening.id!)
					: undefined,
			),
		);
		return all.filter((one) => one !== undefined);
	};

	/** What comes by request: its sender is told where all of it is a repeat. */
	const takeKept = (happenings: readonly Happening[], kept?: Kept) => {
		const each = happenings.map((happening) => {
			const before = happening.settle ? waitsOrWas(happening, kept) : undefined;
			const settled = settleOne(happening, kept);
			const isRepeat = before ?? settled.then((one) => one === undefined);
			return { isRepeat, whole: complete(settled, kept) };
		});
		const repeats = Promise.all(each.map(({ isRepeat }) => isRepeat));
		return {
			areRepeats: repeats.then((all) => all.length > 0 && all.every(Boolean)),
			happenings: Promise.all(each.map(({ whole }) => whole)).then((all) => goOn(all, kept)),
		};
	};

	/** `kept` settles once it is written down, or is not to be. */
	const take = (happenings: readonly Happening[]) => {
		if (!inbox || happenings.length === 0) return { kept: undefined, ...takeKept(happenings) };
		const all = named(happenings);
		const kept = keep(all);
		const taken = kept.then((one) => takeKept(all, one));
		return {
			kept,
			areRepeats: taken.then(({ areRepeats }) => areRepeats),
			happenings: taken.then((each) => each.happenings),
		};
	};

	/** Nobody is told that it came before it is written down. */
	const answerOf = async ({ kept, areRepeats }: ReturnType<typeof take>, reply: OutgoingReply) => {
		if (kept) await kept;
		// Senders that want words of their own get those.
		return reply === accepted ? await tellRepeats(areRepeats) : reply;
	};

	const outcomeOf = (
		taken: ReturnType<typeof take>,
		reply: OutgoingReply,
		afterwards: Afterwards | undefined,
	): Outcome => ({
		...{ reply, happenings: taken.happenings },
		answer: answerOf(taken, reply),
		...(afterwards && { afterwards: carryOut(afterwards) }),
	});

	/** @throws Refusal */
	const cameOf = (came: Received, request: IncomingRequest): Outcome => {
		const { events, reply = accepted, afterwards, once, lookUp } = came;
		const { body } = request;
		if (lookUp) return lookedUp(lookUp, request);
		if (once && !spent.take(once, body, now())) throw captured;
		if (!once || !isShared) return outcomeOf(take(events), reply, afterwards);
		const passes = isSpentElsewhere(store, once, body, now()).then((is) =>
			is ? undefined : outcomeOf(take(events), reply, afterwards),
		);
		return {
			reply,
			answer: passes.then((one) => one?.answer ?? judge(captured).reply),
			happenings: passes.then((one) => one?.happenings ?? []),
			...(afterwards && { afterwards: passes.then((one) => one?.afterwards) }),
		};
	};

	const lookedUp = (looking: LookingUp, request: IncomingRequest): Outcome => {
		const came = looking({ lasting, signal: closing.signal })
			.then((received): Pick<Outcome, 'answer'> & Partial<Outcome> => cameOf(received, request))
			.catch((thrown: unknown): Pick<Outcome, 'answer'> & Partial<Outcome> => {
				const { reply, failure } = judge(thrown);
				return { answer: Promise.resolve(reply), afterwards: Promise.resolve(failure) };
			});
		return {
			reply: accepted,
			answer: came.then((one) => one.answer),
			happenings: came.then((one) => one.happenings ?? []),
			afterwards: came.then((one) => one.afterwards),
		};
	};

	function* received(request: IncomingRequest): Turns<Outcome> {
		const refused = admitted.has(request.headers) ? undefined : gate(request);
		if (refused) return without(refused);
		const size =
			request.body.byteLength || (request.parts ?? []).reduce((sum, { data }) => sum + data.byteLength, 0);
		if (size > maxBytes) return without({ reply: tooLarge(language, maxBytes) });
		const { receive, receiveInTurns } = trigger;
		try {
			if (receiveInTurns) return cameOf(yield* receiveInTurns(receiving(request)), request);
			if (receive) return cameOf(receive(receiving(request)), request);
			throw new Error(`${trigger.id} takes no requests`);
		} catch (thrown) {
			return without(judge(thrown));
		}
	}

	return {
		access: accessOf(trigger, { account, options }),
		maxBytes,
		tooLarge: () => tooLarge(language, maxBytes),
		garbled: () => garbled(language),
		settle,
		resume,
		take: (happenings) => {
			const taken = take(happenings);
			const written = taken.kept?.then(() => undefined);
			return { answer: answerOf(taken, accepted), happenings: taken.happenings, written };
		},
		unpack: async (body, encoding) => {
			const unpacked = await unpack(body, encoding, maxBytes);
			if (unpacked === 'too large') return tooLarge(language, maxBytes);
			return unpacked === 'garbled' ? garbled(language) : unpacked;
		},
		admit: (head) => {
			const refused = gate(head);
			if (refused) return { ...refused.reply, failure: refused.failure };
			admitted.add(head.headers);
			return undefined;
		},
		receive: (request) => atOnce(received(request)),
		receiveInTurns: (request) => inTurns(received(request)),
		close: () => {
			closing.abort();
			waiting.close();
		},
	};
}

const captured = new Refusal(401, {
	en: 'This signature has come with another body before, and is good for one.',
	zh: '该签名已随其他正文使用过，一个签名只对应一份正文。',
});

const nothing = new Uint8Array();
/** Nothing of the request goes on. */
const without = <T extends Pick<Outcome, 'reply'>>(told: T) => ({
	...told,
	answer: Promise.resolve(told.reply),
	happenings: Promise.resolve<Happening[]>([]),
});
