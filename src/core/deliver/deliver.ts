import { originsOf } from '../base/addresses';
import { toFile, Unobtainable, type Reaching } from './obtaining';
import type { Action, Call, Channel, DeliveryOptions, File } from '../define/channel';
import { systemClock, type Clock } from '../base/clock';
import { Deadline } from '../base/deadline';
import { Delivery, noteDoubt, throwIfDoubtful, type Progress, type Receipt } from './delivery';
import { invalid, redactor, seal, type ChannelError } from '../base/errors';
import { read, readOne, type Field, type Fields, type Values } from '../base/field';
import type { Asked, Listed } from '../base/pick';
import { secretsOf } from '../base/secrets';
import { languageOf, readForm, redactorOf, type Account, type Raw } from '../define/forms';
import type { VendorJson } from '../http/http';
import { callFor, refreshing, type Lendings } from './lend';
import type { Text } from '../base/language';
import { readMessage, type Attachment, type Message } from '../message/message';
import { enclosuresOf, renderParts, Losses } from './rendering';
import { scrub } from '../base/scrub';

export type { Clock } from '../base/clock';
export type { Progress, Receipt } from './delivery';
export type { Raw } from '../define/forms';

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
	const lent: Lendings = new Set();
	let deadline: Deadline | undefined;
	try {
		const accountForm = readForm(channel.account, rawAccount);
		const optionsForm = readForm(channel.options, rawOptions);
		const account = accountForm.values as Account;
		const options = optionsForm.values as Values<Fields> & DeliveryOptions & { allowTo?: boolean };
		const leftOut: { part: string; why: Text }[] = [];
		const message = readMessage(given, (part, why) => leftOut.push({ part, why }));
		// Whoever it was meant for, it is not meant for others.
		const lost = options.allowTo ? leftOut.find(({ part }) => part === 'to') : undefined;
		if (lost) throw invalid('message.to', lost.why);
		deadline = new Deadline(options.deadline, context.signal);
		const renders = channel.renders({ options, account, message });
		const reaching = new Reach(account, context, deadline);
		const enclosing = enclosuresOf(message, renders, reaching);
		const enclosed = enclosing instanceof Promise ? await enclosing : enclosing;
		const made = renderParts(message, renders, options, account.language, enclosed);
		const rendering = made instanceof Promise ? await made : made;
		const redact = (text: string) => {
			const clean = redactorOf(channel.account, rawAccount, accountForm)(text);
			const cleaner = redactorOf(channel.options, rawOptions, optionsForm)(clean);
			return lent.size === 0 ? cleaner : redactor(lent)(cleaner);
		};
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
			redact,
			lent,
		);
		delivery.losses = new Losses(rendering.losses);
		for (const { part } of leftOut) delivery.losses.add(part);
		delivery.warnings = [...leftOut.map(({ why }) => why), ...rendering.warnings];
		const targets = targetsOf(channel, rawOptions, account, options, message);
		if (channel.target && !channel.target.passedOn && !options.allowTo && asksElsewhere(message, targets))
			delivery.warnings.push(unusedTo);
		await delivery.sendAll(rendering.parts, targets);
		return delivery.receipt(rendering.parts.length, started);
	} catch (error) {
		throw sealedFor(error, channel, rawAccount, rawOptions, channel.options, lent);
	} finally {
		deadline?.end();
	}
}

/** Checks an account without sending anything. @throws ChannelError */
export async function verify(channel: Channel, rawAccount: Raw, context: Context = {}): Promise<void> {
	await sealed(channel, rawAccount, {}, {}, async (lent) => {
		const form = readForm(channel.account, rawAccount);
		await withDeadline(30, context.signal, async (deadline) => {
			const call = callFor(channel, form, deadline, context.clock ?? systemClock, lent);
			await refreshing(() => channel.verify?.(call), call);
		});
	});
}

/** What the service lists for a field of the channel, which may be one of its account, its options or its actions. @throws ChannelError */
export async function lookUp(
	channel: Channel,
	rawAccount: Raw,
	field: Field,
	asked: Asked,
	context: Context = {},
): Promise<Listed> {
	return await sealed(channel, rawAccount, {}, {}, async (lent) => {
		const form = readForm(channel.account, rawAccount);
		return await withDeadline(30, context.signal, async (deadline) => {
			const call = callFor(channel, form, deadline, context.clock ?? systemClock, lent);
			const list = field.list as ((call: Call & Asked) => Promise<Listed>) | undefined;
			return await refreshing(async () => (await list?.(Object.assign(call, asked))) ?? { items: [] }, call);
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
	const { progress = { sent: {} } } = context;
	const fields = action?.fields ?? {};
	const done = sealed(channel, rawAccount, rawInput, fields, async (lent) => {
		if (!action)
			throw invalid('operation', {
				en: `${channel.name} has no operation “${name}”.`,
				zh: `${channel.zh}没有“${name}”这个操作。`,
			});
		const form = readForm(channel.account, rawAccount);
		const account = form.values as Account;
		const input = read(action.fields, rawInput);
		throwIfDoubtful(progress, name);
		return await withDeadline(120, context.signal, async (deadline) => {
			const call = callFor(channel, form, deadline, context.clock ?? systemClock, lent);
			const reaching = new Reach(account, context, deadline);
			const file = (attachment: Attachment) => obtain(attachment, reaching);
			const result = await refreshing(() => action.run(Object.assign(call, { input, file })), call);
			return scrub(result, redactorFor(channel, rawAccount, rawInput, fields, lent));
		});
	});
	return await done.catch((error: ChannelError) => {
		noteDoubt(progress, name, error);
		throw error;
	});
}

class Reach implements Reaching {
	constructor(
		readonly account: Account,
		private readonly context: Context,
		private readonly deadline: Deadline,
	) {}

	get trustedOrigins(): readonly string[] {
		const { pictureOrigins = [] } = this.account;
		return [...(this.context.trustedOrigins ?? []), ...pictureOrigins.flatMap(originsOf)];
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
function sealedFor(
	error: unknown,
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	fields: Fields,
	lent: Lendings,
): ChannelError {
	const redact = redactorFor(channel, rawAccount, rawOptions, fields, lent);
	return seal(error, languageOf(channel, rawAccount), redact, channel.id);
}

const redactorFor = (channel: Channel, rawAccount: Raw, rawOptions: Raw, fields: Fields, lent: Lendings) =>
	redactor([...secretsOf(channel.account, rawAccount), ...secretsOf(fields, rawOptions), ...lent]);

async function sealed<T>(
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	fields: Fields,
	run: (lent: Lendings) => Promise<T>,
): Promise<T> {
	const lent: Lendings = new Set();
	try {
		return await run(lent);
	} catch (error) {
		throw sealedFor(error, channel, rawAccount, rawOptions, fields, lent);
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

/** Nobody should take it for granted that a message went where it asked to go. */
const unusedTo: Text = {
	en: 'The message’s own “to” was not used: turn on “Message may choose the recipient” if it may choose.',
	zh: '未使用消息自带的 to：如需由消息指定接收者，请开启“允许消息指定接收者”。',
};

/** Whether the message asks to go to somebody else. */
const asksElsewhere = (message: Message, targets: readonly string[]) =>
	message.to !== undefined &&
	[message.to].flat().some((each) => each.trim() !== '' && !targets.includes(each.trim()));

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
