import { isChannelError, type ChannelError } from '../../core/base/errors';
import { fill, type Text } from '../../core/base/language';
import type { SendInput } from '../../core/define/channel';
import { isPushService, subjectOf, type Account } from './account';
import { encrypted } from './encryption';
import { vapidHeader, type VapidKeys } from './keys';
import { topicOf, written, type Payload } from './payload';
import { nameOf, type Subscriber } from './subscribers';

export interface Push {
	payload: Payload;
	/** What waits under the same one is replaced. */
	topic?: string;
	urgency: string;
	/** s */
	ttl: number;
}

/** What became of it at one browser. */
export interface Pushed {
	to: Subscriber;
	/** It does not exist any more. */
	gone?: true;
	error?: ChannelError;
}

type Input = Pick<SendInput, 'http' | 'step' | 'now'> & { account: Account };

/** One after the other; who has it is not asked again at the next try. */
export async function pushAll(
	input: Input,
	keys: VapidKeys,
	all: readonly Subscriber[],
	push: Push,
): Promise<Pushed[]> {
	const pushed: Pushed[] = [];
	for (const to of all) {
		try {
			const outcome = await input.step(`push ${to.id}`, () => pushTo(input, keys, to, push));
			pushed.push({ to, ...(outcome === 'gone' && { gone: true }) });
		} catch (error) {
			if (!isChannelError(error)) throw error;
			pushed.push({ to, error });
		}
	}
	return pushed;
}

async function pushTo(
	{ http, account, now }: Input,
	keys: VapidKeys,
	to: Subscriber,
	{ payload, topic, urgency, ttl }: Push,
): Promise<'taken' | 'gone'> {
	const headers = {
		authorization: vapidHeader(keys, to.endpoint, subjectOf(account), now()),
		'content-encoding': 'aes128gcm',
		'content-type': 'application/octet-stream',
		ttl: String(ttl),
		urgency,
		topic: topic === undefined ? undefined : topicOf(topic),
	};
	try {
		// The same tag takes its own place: twice is once.
		await http.post(addressOf(to.endpoint, account), {
			headers,
			body: encrypted(written(payload), to),
			idempotent: true,
		});
		return 'taken';
	} catch (error) {
		if (isChannelError(error) && (error.status === 404 || error.status === 410)) return 'gone';
		throw error;
	}
}

/** By way of the relay, where there is one: it reads in the path where to pass it on. */
function addressOf(endpoint: string, { baseUrl }: Account): string {
	const { host, pathname, search } = new URL(endpoint);
	return baseUrl === undefined ? endpoint : `${baseUrl}/${host}${pathname}${search}`;
}

/** Whether it may be asked: a place that nobody named since is not. */
export const mayAsk = (account: Account, { endpoint, pasted }: Subscriber): boolean =>
	pasted === true || isPushService(endpoint, account);

export const droppedText = (to: Subscriber): Text => fill(to.pasted ? gonePasted : gone, { name: nameOf(to) });

export const failedText = (to: Subscriber, { text }: ChannelError): Text => ({
	en: `“${nameOf(to)}” did not get it. ${text.en}`,
	zh: `“${nameOf(to)}”未收到。${text.zh}`,
});

const gone: Text = {
	en: '“{name}” has given its subscription up and was removed from the list: allow notifications on the page there again.',
	zh: '“{name}”已放弃订阅，已从列表中移除：请在该设备的页面上重新允许通知。',
};
const gonePasted: Text = {
	en: '“{name}” has given its subscription up: remove it from “More subscriptions” of the account.',
	zh: '“{name}”已放弃订阅：请从账号的“其他订阅”中移除。',
};
