import { systemClock } from '../base/clock';
import { Deadline } from '../base/deadline';
import { invalid, type ChannelError } from '../base/errors';
import { read, type Field } from '../base/field';
import type { Asked, Listed } from '../base/pick';
import { scrub } from '../base/scrub';
import type { Action, Call, Channel, File } from '../define/channel';
import { readForm, type Account, type Raw } from '../define/forms';
import type { VendorJson } from '../http/http';
import type { Attachment } from '../message/message';
import { Reach, type Context } from './context';
import { Unobtainable, type Reaching } from './obtain/fetching';
import { callFor, refreshing } from './send/lend';
import { noteDoubt, progressIn, throwIfDoubtful } from './send/progress';
import { redactorFor, sealed } from './sealing';
import { toFile } from './obtain/toFile';

/** Checks an account without sending anything. @throws ChannelError */
export async function verify(channel: Channel, rawAccount: Raw, context: Context = {}): Promise<void> {
	await sealed(channel, rawAccount, {}, {}, async (lent) => {
		const form = readForm(channel.account, rawAccount);
		await withDeadline(30, context.signal, async (deadline) => {
			const call = callFor(channel, form, deadline, context.clock ?? systemClock, lent, context);
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
			const call = callFor(channel, form, deadline, context.clock ?? systemClock, lent, context);
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
	const { progress } = progressIn(context);
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
			const call = callFor(channel, form, deadline, context.clock ?? systemClock, lent, context);
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

async function obtain(attachment: Attachment, reaching: Reaching): Promise<File> {
	try {
		return await toFile(attachment, 'bytes', reaching, false);
	} catch (error) {
		if (error instanceof Unobtainable) throw invalid('file', error.reason);
		throw error;
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
