import type { EditInput, Json, SendInput, Sent } from '../../core/define/channel';
import { Extras } from '../../core/define/extras';
import type { Message } from '../../core/message/message';
import { threadOf, webhookOf, type discordAccount } from './account';
import { change, post, type Place } from './api';
import { batchesOf, pictureFile } from './files';
import { mentionsOf } from './mentions';
import type { discordOptions } from './options';
import { isCard, payloadOf } from './payload';
import { flags } from './protocol';
import { mentionsMost } from './renders';

type Input = SendInput<typeof discordAccount, typeof discordOptions>;

/** What goes in the message itself, and the files of those that follow it. A card takes none. */
function contentOf({ message, options }: Input) {
	const uploaded = message.image?.data && pictureFile(message.image);
	const isAlone = isCard(message, options);
	const meant = mentionsOf(message.mentions, mentionsMost[options.kind]);
	const batches = batchesOf([...(uploaded ? [uploaded] : []), ...message.attachments]);
	const [own = [], ...more] = isAlone ? [[], ...batches] : batches;
	const payload = payloadOf(message, options, meant, isAlone ? undefined : uploaded);
	return { payload, own, more, meant, form: isAlone ? 'card' : 'message' };
}

/** The posts that the first parts of messages have opened. */
const opened = new WeakMap<Message, string>();

function placeOf({ to, account, message }: Input): Place {
	const [thread] = to;
	return {
		thread: thread === undefined ? (opened.get(message.source) ?? webhookOf(account).thread) : threadOf(thread),
	};
}

export async function send(input: Input): Promise<Sent> {
	const { message, options, step } = input;
	const { payload, own, more, meant, form } = contentOf(input);
	const place = placeOf(input);
	const isPost = place.thread === undefined && options.threadName !== undefined;
	const sender = { username: options.username, avatar_url: options.avatarUrl };
	const first = {
		...payload,
		flags: payload.flags || undefined,
		...sender,
		tts: (form === 'message' && options.tts) || undefined,
		...(isPost && { thread_name: options.threadName, applied_tags: options.appliedTags }),
	};
	const sent = await step('message', () => post(input, place, first, own));
	const thread = isPost ? String(sent.channel_id) : place.thread;
	if (isPost) opened.set(message.source, thread!);
	const messages: string[] = [sent.id];
	const extras = new Extras();
	const rest = {
		...sender,
		flags: payload.flags & flags.suppressNotifications || undefined,
		allowed_mentions: { parse: [] },
	};
	for (const [at, files] of more.entries())
		await extras.try('attachments', async () => {
			const { id } = await step(`files${at}`, () => post(input, { thread }, rest, files));
			messages.push(id);
		});
	return {
		id: sent.id,
		handle: {
			message: sent.id,
			messages,
			thread: thread !== undefined && thread !== webhookOf(input.account).thread ? thread : null,
		},
		form,
		raw: sent,
		warnings: [...meant.warnings, ...extras.warnings],
		degraded: [...meant.degraded, ...extras.degraded],
	};
}

/** A card stays one, and nothing becomes a card; what took several messages is not one that could be changed. */
export async function edit(input: EditInput<typeof discordAccount, typeof discordOptions>): Promise<Sent | undefined> {
	const { message, messages, thread } = (input.handle ?? {}) as Record<string, Json | undefined>;
	const { payload, own, more, meant, form } = contentOf(input);
	const isOne = Array.isArray(messages) && messages.length === 1 && more.length === 0;
	if (typeof message !== 'string' || !isOne || form !== input.form) return undefined;
	// Sound is made once, and no other flag may change.
	const place = { message, thread: typeof thread === 'string' ? thread : webhookOf(input.account).thread };
	const changed = { ...payload, flags: payload.flags & ~flags.suppressNotifications || undefined };
	const raw = await change(input, place, changed, own);
	return { id: message, handle: input.handle, raw, warnings: meant.warnings, degraded: meant.degraded };
}
