import { createHash } from 'node:crypto';
import { telegram } from './telegram.channel';
import { act, type Raw } from '../../core/deliver/deliver';
import { ChannelError, isChannelError } from '../../core/base/errors';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import type { KeyValues } from '../../core/state/store';
import { whyFailed } from '../../core/define/trigger';
import { backOff } from '../../core/sockets/backOff';
import { lines, type Ear as Listening, type Line } from '../../core/sockets/lines';
import { sayInPlace, unanswered } from '../../core/receive/sayInPlace';
import { kindOf } from './updates';

/** What is to be said to an update, at once. */
export interface Response {
	answer?: string;
	replyTo: string;
	/** A pressed button waits until it is told that it was heard. */
	acknowledge: boolean;
	/** Settles once it is written down, where it is. */
	written?: Promise<void>;
}

/** One node that listens. */
export interface Ear extends Listening {
	account: Raw & { botToken: string };
	/** The kinds of updates that it wants. */
	kinds: readonly string[];
	/** Removes a webhook that stands in the way. */
	takeOver: boolean;
	store: KeyValues;
	/** @param bot its user name */
	hear(update: VendorJson, bot: string): Response;
}

/** Seconds: less than a reply may take, and than most proxies let a connection be silent. */
const longPoll = 25;
/** Seconds: Telegram itself keeps updates no longer. */
const remembered = 86_400;

/** Telegram lets one poll a bot: all nodes of the process share it, whatever else their accounts say. */
const polls = lines<Ear>((line) => new Poll(line).run());

/**
 * Listens until the signal is aborted.
 * @throws ChannelError where Telegram refuses the account from the start
 */
export const listen = (ear: Ear, signal: AbortSignal): Promise<void> => polls(keyOf(ear), ear, signal);

/** A token may stand in a pasted URL. */
function keyOf({ account: { botToken } }: Ear): string {
	const [token] = /(?<!\d)\d+:[\w-]+/.exec(botToken) ?? [botToken];
	return createHash('sha256').update(token).digest('hex');
}

class Poll {
	private readonly answering = new Set<Promise<void>>();
	/** Aborted at the end, and when who listens has changed: what is under way then asks for the wrong kinds of updates. */
	private asking = new AbortController();
	private bot?: string;
	private offset = 0;
	private isConfirmed = true;
	private isConnected = false;
	/** In the store. */
	private readonly place: string;

	constructor(private readonly line: Line<Ear>) {
		this.place = `telegramTrigger:${keyOf(line.first)}:offset`;
		line.joined = () => this.asking.abort();
		line.signal.addEventListener('abort', () => this.asking.abort(line.signal.reason), { once: true });
	}

	async run(): Promise<void> {
		const { line } = this;
		const kept = await line.first.store.get(this.place).catch(() => undefined);
		this.offset = Number(kept ?? 0) || 0;
		let failures = 0;
		let wasHeard = false;
		while (!line.signal.aborted) {
			this.asking = new AbortController();
			try {
				this.bot ??= String((await this.call('getMe')).username ?? '');
				wasHeard = true;
				// The first answer comes at once, and tells that the bot may be polled at all.
				await this.take(this.isConnected ? longPoll : 0);
				if (this.isConnected) failures = 0;
				this.isConnected = true;
				line.say('connected');
			} catch (error) {
				if (line.signal.aborted) break;
				if (this.asking.signal.aborted) continue;
				if (!isChannelError(error) || (error.class === 'Unauthorized' && !wasHeard)) throw error;
				this.isConnected = false;
				await this.fail(error, failures++);
			}
		}
		await Promise.allSettled(this.answering);
		await this.confirm();
	}

	/** Fetches and gives out what there is. */
	private async take(seconds: number): Promise<void> {
		const kinds = [...new Set([...this.line.ears].flatMap((ear) => ear.kinds))];
		const started = Date.now();
		const updates: VendorJson = await this.call('getUpdates', {
			timeout: seconds,
			allowed_updates: kinds,
			...(this.offset > 0 && { offset: this.offset }),
		});
		if (!Array.isArray(updates)) throw noList;
		this.isConfirmed = true;
		const writing: Promise<void>[] = [];
		try {
			for (const update of updates) {
				if (!Number.isSafeInteger(update?.update_id)) throw noList;
				this.offset = update.update_id + 1;
				this.isConfirmed = false;
				try {
					writing.push(...this.giveOut(update));
				} catch {
					// Fetched again and again, it would hold up all that come after it.
					this.line.say('connected', unreadable);
				}
			}
		} finally {
			// The next call, and the offset in the store, say that nobody is to get them again.
			await Promise.all(writing);
		}
		if (updates.length > 0)
			await this.line.first.store.set(this.place, String(this.offset), remembered).catch(() => undefined);
		// Some relays do not wait.
		else if (seconds > 0 && Date.now() - started < 1_000) await backOff(0, this.asking.signal, 1);
	}

	/** @returns what settles once it is written down */
	private giveOut(update: VendorJson): Promise<void>[] {
		const kind = kindOf(update);
		const heard = [...this.line.ears]
			.filter((ear) => ear.kinds.includes(kind))
			.map((ear) => ({ ear, response: ear.hear(update, this.bot ?? '') }));
		if (kind === 'callback_query') {
			const response = heard.find(({ response: { answer } }) => answer !== undefined) ?? heard[0];
			if (response && heard.some(({ response: { acknowledge } }) => acknowledge))
				this.track(this.acknowledge(update.callback_query.id, response));
			else if (response) this.track(this.answer(response));
		} else {
			for (const one of heard) this.track(this.answer(one));
		}
		return heard.flatMap(({ response: { written } }) => written ?? []);
	}

	private async acknowledge(id: unknown, { ear, response }: Heard): Promise<void> {
		const { answer } = response;
		const fits = answer !== undefined && answer.length <= noticeMost;
		await this.call('answerCallbackQuery', {
			callback_query_id: id,
			...(fits && { text: answer, show_alert: true }),
		});
		if (!fits) await this.answer({ ear, response });
	}

	private async answer({ ear, response: { answer, replyTo } }: Heard): Promise<void> {
		if (answer === undefined || replyTo === '') return;
		const failure = await sayInPlace(telegram, ear.account, replyTo, answer, this.line.signal);
		if (failure) throw failure;
	}

	/** Runs beside the poll; what fails is shown, and does no more harm. */
	private track(answering: Promise<void>): void {
		const done = answering
			.catch((error: unknown) => {
				if (this.isConnected && isChannelError(error)) this.line.say('connected', unanswered(error.text));
			})
			.finally(() => this.answering.delete(done));
		this.answering.add(done);
	}

	private async fail(error: ChannelError, failures: number): Promise<void> {
		const isConflict = error.code === '409';
		const isWebhook = isConflict && /webhook is active/i.test(error.text.en);
		if (isWebhook && [...this.line.ears].some(({ takeOver }) => takeOver)) {
			try {
				await this.call('deleteWebhook');
			} catch (refused) {
				if (this.line.signal.aborted || !isChannelError(refused)) return;
				this.line.say(...whyFailed(refused));
			}
		} else {
			if (isConflict) this.line.say('failed', isWebhook ? webhookStands : polledElsewhere);
			else this.line.say(...whyFailed(error));
		}
		await backOff(failures, this.line.signal, error.retryAfter);
	}

	/** So that nobody else gets once more what was given out here. */
	private async confirm(): Promise<void> {
		if (this.isConfirmed || !this.isConnected) return;
		const parameters = { offset: this.offset, timeout: 0, limit: 1 };
		// Out of reach, Telegram tells it again: then its key is known, or the offset in the store.
		await act(
			telegram,
			'raw',
			this.line.first.account,
			{ method: 'getUpdates', parameters },
			{ signal: AbortSignal.timeout(1_500) },
		).catch(() => undefined);
	}

	private call(method: string, parameters: Record<string, unknown> = {}): Promise<VendorJson> {
		return act(
			telegram,
			'raw',
			this.line.first.account,
			{ method, parameters },
			{ signal: method === 'getUpdates' ? this.asking.signal : this.line.signal },
		);
	}
}

interface Heard {
	ear: Ear;
	response: Response;
}

/** UTF-16 units. */
export const noticeMost = 200;

const noList = new ChannelError(
	'Unexpected',
	{
		en: 'Telegram’s list of updates came back as something else: check the base URL.',
		zh: '获取更新时返回的不是列表：请检查服务地址。',
	},
	{ code: 'UPDATES' },
);

const unreadable: Text = {
	en: 'Connected, but an update could not be read.',
	zh: '已连接，但有一条更新无法读取。',
};

const webhookStands: Text = {
	en: 'This bot has a webhook, so it cannot be polled: switch “Remove a webhook” on, or receive by webhook here.',
	zh: '该机器人已设置 webhook，无法轮询：请开启“移除已有 webhook”，或在此改用 webhook 接收。',
};

const polledElsewhere: Text = {
	en: 'Somebody else polls this bot too, and Telegram lets only one: stop the other, or use a bot of its own here.',
	zh: '该机器人正被其他程序轮询，而 Telegram 只允许一个：请停掉另一个，或在此使用单独的机器人。',
};
