import type { Access } from './access';
import type { NodeSet } from './set';
import { isChannelError, type ChannelError } from '../base/errors';
import { isShown, type Field, type Fields, type Show, type Values } from '../base/field';
import type { Language, Text } from '../base/language';
import type { Turns } from '../base/turns';
import type { Message } from '../message/message';
import type { Connection } from '../sockets/connection';
import { Refusal, type IncomingRequest, type OutgoingReply } from '../http/incoming';
import type { KeyValues } from '../state/store';

/** One happening, on its way into a flow. */
export interface Happening {
	/** A `MediaEvent`, a `ChatEvent`, or whatever a custom sender gave. */
	event: unknown;
	message?: Message;
	raw: unknown;
	/** The same key within a while is the same happening, sent twice. */
	key?: string;
	/** The same happening delivered again has the same one; given by the reception, and told in event and message. */
	id?: string;
	/** The batch in which it is kept until the flow is through with it, where it is. */
	kept?: string;
	/** The key is never used for another happening (a message's id): it is known for at least so long, whatever window the user chose. Seconds. */
	remember?: number;
	/** What it came to be known as, where more became known of it: that, told by its sender, is a repeat too. */
	knownAs?: string;
	/** What it is about, however little is known of it; by default its key. */
	subject?: string;
	/** Not complete yet (the sender fetches metadata late): wait this long for another about the same subject. Seconds. */
	settle?: number;
	late?: Late;
}

/** Somebody who may come to know more of a happening than its sender told. */
export interface Late {
	/** Of an origin that the user named. */
	url: string;
	/** May hold a key: they go to that origin alone. */
	headers: Readonly<Record<string, string>>;
	/** How long it is asked, in seconds. */
	within: number;
	/** The happening with what an answer adds; pure. `whole`: nothing is lacking any more. */
	fill(answer: unknown): { happening: Happening; whole: boolean };
}

export interface Received {
	events: Happening[];
	/** Default: 200 with `{"ok":true}`. */
	reply?: OutgoingReply;
	afterwards?: Afterwards;
	/** Where the signature does not cover the body: it is good for this one alone. */
	once?: Once;
	/** What it comes to once something was looked up, or kept; in place of all else. Throws `Refusal`. */
	lookUp?: LookingUp;
}

export type LookingUp = (beside: { lasting: KeyValues; signal: AbortSignal }) => Promise<Omit<Received, 'lookUp'>>;

/** What is said to a sender that takes no answer in the reply: done beside it, once for a key. */
export interface Afterwards {
	/** That of what is answered; the same one again is a redelivery. */
	key: string;
	/** Resolves with what went wrong. */
	run(signal: AbortSignal): Promise<ChannelError | undefined>;
}

/** A signature that says nothing of the body that it came with. ms since 1970. */
export interface Once {
	signature: string;
	signed: number;
	/** Past it, its trigger takes it no more. */
	until: number;
}

export interface Receiving<A extends Fields = Fields, O extends Fields = Fields> {
	request: IncomingRequest;
	account: Values<A> & { language: Language };
	options: Values<O>;
	now: number;
}

export interface Connecting<A extends Fields = Fields, O extends Fields = Fields> extends Connection {
	account: Values<A> & { language: Language };
	options: Values<O>;
	/** Where it is written down, what it returns settles after that, and the service is told no sooner. Never rejects. */
	emit(happening: Happening): void | Promise<void>;
	/** Takes what one sender told at once, where the host can say of repeats: what it is to be answered. Never rejects. */
	take?(happenings: readonly Happening[]): Promise<OutgoingReply>;
	store: KeyValues;
}

export interface TriggerDefinition<A extends Fields, O extends Fields> {
	/** Ends in `Trigger`. File name, export name and n8n node name. */
	id: string;
	set?: NodeSet;
	name: string;
	zh: string;
	docs: string;
	description: Text;
	aliases?: readonly string[];
	/** The id of the channel whose account this trigger shares; `account` is then that channel's. */
	accountOf?: string;
	account: A;
	options: O;
	/**
	 * Whole paths that senders of older setups are pointed at already. Hosts that can take them as they are do so;
	 * `request.path` is then the whole path, and what follows below it.
	 */
	paths?: readonly string[];
	/** What it listens on. Default POST. */
	methods?: readonly ('GET' | 'POST' | 'PUT')[];
	/** The largest body that is read. */
	maxBytes?: (options: Values<O>) => number;
	/**
	 * Whether it can be told who calls, with this account and these options. Pure; asked before all that follows.
	 * @throws ChannelError `Invalid(field)`, closed: what is missing, and what to do about it
	 */
	access?(asked: Pick<Receiving<A, O>, 'account' | 'options'>): Access;
	/** Refuses (throws `Refusal`) from head alone, before the body is read: tokens in query or header, Basic. */
	authorize?(receiving: Receiving<A, O>): void;
	/** Pure: request in, happenings out. Throws `Refusal`. */
	receive?(receiving: Receiving<A, O>): Received;
	/** The same, pausing where a large body has taken its turn: where bodies may be megabytes. */
	receiveInTurns?(receiving: Receiving<A, O>): Turns<Received>;
	/** Where it is reached by requests or by a connection, as the user chooses: the options with which it takes requests. Default: any. */
	receives?: Show;
	/**
	 * Polls and sockets: resolves when `signal` is aborted and everything is closed; reconnects by itself, at growing
	 * intervals, and says by `status` that it does. Throws where the service refuses the account from the start.
	 */
	connect?(connecting: Connecting<A, O>): Promise<void>;
	/** For triggers whose messages the user writes: shows what comes out of a sample before anything has happened. */
	preview?: {
		/** The options that it hangs on. */
		fields: readonly (keyof O & string)[];
		/**
		 * What is to be said of these options. Pure.
		 * @param event that the sample comes out as
		 * @throws ChannelError where they cannot be used with it
		 */
		judge(event: unknown, options: Values<O>, language: Language): Text[];
	};
	/** Where senders' settings want its address, a line each. */
	panel?: readonly Text[];
	/** What can be played without anybody calling. */
	samples?: Samples;
	/** Hosts in which it cannot run (n8n hosts no WebSocket server). */
	not?: readonly ('n8n' | 'node-red')[];
}

/** What those who call would send, small and made up. Texts go as they are, everything else as JSON. */
export interface Samples {
	/** The options whose values, and their labels, name whose a body is, and what comes of it. */
	by: string;
	of: string;
	bodies: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Trigger extends TriggerDefinition<Fields, Fields> {
	readonly type: 'trigger';
}

export function defineTrigger<const A extends Fields, const O extends Fields>(
	definition: TriggerDefinition<A, O>,
): Trigger {
	const trigger = definition as unknown as TriggerDefinition<Fields, Fields>;
	return { ...trigger, ...(trigger.access && guarded(trigger, trigger.access)), type: 'trigger' };
}

/** Behind its `access`, whoever calls: nothing is received while it is closed. */
function guarded(
	{ authorize, connect }: TriggerDefinition<Fields, Fields>,
	access: NonNullable<Trigger['access']>,
): Pick<Trigger, 'authorize' | 'connect'> {
	return {
		authorize(receiving) {
			const closed = closedBy(() => access(receiving));
			if (closed) throw new Refusal(403, closed.text);
			authorize?.(receiving);
		},
		...(connect && {
			async connect(connecting) {
				access(connecting);
				await connect(connecting);
			},
		}),
	};
}

/** Why it is closed. */
function closedBy(access: () => Access): ChannelError | undefined {
	try {
		access();
		return undefined;
	} catch (thrown) {
		if (isChannelError(thrown)) return thrown;
		throw thrown;
	}
}

/** Whether callers can be told apart; a `ChannelError` where that is closed. @param asked as `read` gives it */
export function accessOf({ access }: Trigger, asked: Pick<Receiving, 'account' | 'options'>): Access | ChannelError {
	let found: Access = 'checked';
	return closedBy(() => (found = access?.(asked) ?? found)) ?? found;
}

/** Whether it takes requests with these options, given as a host stored them. */
export function takesRequests(
	{ receive, receives: show, options }: Trigger,
	raw: Readonly<Record<string, unknown>>,
): boolean {
	return receive !== undefined && isShown({ ...options, request: { show } as Field }, 'request', raw);
}

/** Re-exported so that a trigger file needs one import. */
export { Refusal, type BodyPart, type IncomingRequest, type OutgoingReply } from '../http/incoming';
export { isRefused, whyFailed } from '../sockets/connection';
