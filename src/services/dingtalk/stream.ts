import { createHash } from 'node:crypto';
import { standard } from './fields';
import type { CommonAccount, Replies } from '../../core/define/channel';
import { ChannelError } from '../../core/base/errors';
import { httpFor, type VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { lines, type Ear as Listening, type Line } from '../../core/sockets/lines';
import { onceWritten } from '../../core/receive/written';
import { keepSession, openSession, type Session, type Talk } from '../../core/sockets/session';

type Topic = 'message' | 'event';

/** One node that listens. */
export interface Ear extends Listening {
	account: CommonAccount & Record<string, unknown> & { clientId: string; clientSecret: string };
	topics: readonly Topic[];
	/**
	 * @param headers of the frame
	 * @returns what settles once it may be acknowledged; undefined: at once
	 */
	hear(topic: Topic, headers: VendorJson, data: VendorJson): Promise<void> | undefined;
}

const robot = '/v1.0/im/bot/messages/get';
const subscriptions = {
	message: { type: 'CALLBACK', topic: robot },
	event: { type: 'EVENT', topic: '*' },
} as const satisfies Record<Topic, { type: string; topic: string }>;

/** DingTalk gives each message to one of an app's connections: all nodes of the process share one. */
const streams = lines<Ear>((line) => {
	let open: { session: Session; topics: readonly Topic[] } | undefined;
	line.joined = () => {
		if (open && topicsOf(line).some((topic) => !open!.topics.includes(topic))) open.session.end('moving');
	};
	return keepSession(line, async () => {
		const topics = topicsOf(line);
		open = { session: await connect(line, topics), topics };
		// Who came while it was opened.
		line.joined?.();
		return open.session;
	});
});

/**
 * Listens by Stream mode until the signal is aborted.
 * @throws ChannelError where DingTalk refuses the app from the start
 */
export const listen = (ear: Ear, signal: AbortSignal): Promise<void> =>
	streams(createHash('sha256').update(ear.account.clientId).digest('hex'), ear, signal);

const topicsOf = ({ ears }: Line<Ear>): Topic[] => [...new Set([...ears].flatMap((ear) => ear.topics))];

async function connect(line: Line<Ear>, topics: readonly Topic[]): Promise<Session> {
	const owner = { name, replies, account: line.first.account, signal: line.signal };
	return await openSession(owner, await addressFor(owner, topics), (frame, talk) => take(line, talk, frame));
}

/** A new address for each connection; it works once, within 90 s. */
async function addressFor(owner: Parameters<typeof httpFor>[0], topics: readonly Topic[]): Promise<string> {
	const { baseUrl, clientId, clientSecret } = owner.account as Ear['account'];
	// Robots and this live on different hosts; a relay stands for both.
	const host = baseUrl === undefined || baseUrl === standard ? 'https://api.dingtalk.com' : baseUrl;
	const { endpoint, ticket } = await httpFor(owner).post(`${host}/v1.0/gateway/connections/open`, {
		json: { clientId, clientSecret, subscriptions: topics.map((topic) => subscriptions[topic]), ua: 'carillon' },
		headers: { accept: 'application/json' },
		idempotent: true,
	});
	if (!/^wss?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) throw noAddress;
	const url = new URL(endpoint);
	url.searchParams.set('ticket', ticket);
	return url.href;
}

/** Events that are not acknowledged come again. */
function take({ ears }: Line<Ear>, talk: Talk, frame: VendorJson): void {
	const { type, headers } = frame ?? {};
	if (typeof headers !== 'object' || headers === null) return;
	const answer = (data: string, code = 200, message = 'OK') =>
		talk.send({
			code,
			headers: { contentType: 'application/json', messageId: headers.messageId },
			message,
			data,
		});
	if (type === 'SYSTEM') {
		if (headers.topic === 'ping') answer(String(frame.data ?? '{}'));
		else if (headers.topic === 'disconnect') talk.end('moving');
		return;
	}
	const topic = type === 'EVENT' ? 'event' : headers.topic === robot ? 'message' : undefined;
	if (topic === undefined) return answer('{}', 404, 'nobody listens to this topic');
	const data = objectOf(frame.data);
	const hearing = data === undefined ? [] : [...ears].filter(({ topics }) => topics.includes(topic));
	const heard = hearing.map((ear) => ({ written: ear.hear(topic, headers, data) }));
	onceWritten(heard, () => answer(topic === 'event' ? '{"status":"SUCCESS"}' : '{"response":null}'));
}

function objectOf(json: unknown): VendorJson {
	try {
		const value: unknown = JSON.parse(String(json));
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
	} catch {
		// Nothing of DingTalk's: it would not be any better the next time.
		return undefined;
	}
}

const name: Text = { en: 'DingTalk', zh: '钉钉' };

const replies: Replies = {
	ok: ({ endpoint, ticket }) => typeof endpoint === 'string' && typeof ticket === 'string',
	code: ({ code }) => code,
	says: ({ message }) => message,
	errors: [
		{
			code: 'authFailed',
			is: 'Unauthorized',
			do: {
				en: 'Copy client ID and client secret of the app from the developer console again.',
				zh: '请从开发者后台重新复制应用的 Client ID 与 Client Secret。',
			},
		},
	],
};

const noAddress = new ChannelError(
	'Unexpected',
	{ en: 'DingTalk gave no address to connect to: check the base URL.', zh: '钉钉未返回连接地址：请检查服务地址。' },
	{ code: 'ADDRESS' },
);
