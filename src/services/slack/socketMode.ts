import { createHash } from 'node:crypto';
import { slack } from './slack.channel';
import type { CommonAccount } from '../../core/define/channel';
import { ChannelError, isChannelError } from '../../core/base/errors';
import { httpFor, type VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { lines, type Ear as Listening, type Line } from '../../core/sockets/lines';
import { keepSession, openSession, type Session, type Talk } from '../../core/sockets/session';
import { onceWritten } from '../../core/receive/written';
import type { PayloadType } from './payloads';

/** One node that listens. */
export interface Ear extends Listening {
	account: CommonAccount & Record<string, unknown> & { appToken: string };
	hear(type: PayloadType, payload: VendorJson): Heard;
}

interface Heard {
	/** What to say within the acknowledgement, where that has room for it. */
	answer?: string;
	/** Settles once it may be acknowledged; undefined: at once. */
	written?: Promise<void>;
}

/** Slack gives each event to one of an app's connections: all nodes of the process share one. */
const sockets = lines<Ear>((line) => keepSession(line, () => connect(line)));

/**
 * Listens by Socket Mode until the signal is aborted.
 * @throws ChannelError where Slack refuses the app-level token from the start
 */
export const listen = (ear: Ear, signal: AbortSignal): Promise<void> =>
	sockets(createHash('sha256').update(ear.account.appToken).digest('hex'), ear, signal);

/** A connection that Slack has greeted. */
export async function connect(line: Line<Ear>, pingEvery?: number): Promise<Session> {
	const owner = { name, replies: slack.replies, account: line.first.account, signal: line.signal };
	const read = (frame: VendorJson, talk: Talk) => {
		if (frame?.type === 'hello') talk.greet();
		else if (frame?.type === 'disconnect') talk.end(frame.reason === 'link_disabled' ? disabled : 'moving');
		else if (typeof frame?.envelope_id === 'string') take(line, talk, frame);
	};
	return await openSession(owner, await addressFor(owner), read, { silence, pingEvery });
}

/** A new address for each connection; it works once. */
async function addressFor(owner: Parameters<typeof httpFor>[0]): Promise<string> {
	const { appToken } = owner.account as unknown as Ear['account'];
	try {
		const { url } = await httpFor(owner).post('/apps.connections.open', {
			headers: { authorization: `Bearer ${appToken}` },
			form: {},
			idempotent: true,
		});
		if (typeof url === 'string' && /^wss?:\/\//.test(url)) return url;
	} catch (error) {
		if (isChannelError(error) && error.class === 'Unauthorized') throw unauthorized(error);
		throw error;
	}
	throw noAddress;
}

/** Slack wants to hear within 3 s that an envelope came, and sends it again otherwise: this is said before anything else but the writing. */
function take(
	{ ears }: Line<Ear>,
	talk: Talk,
	{ envelope_id, type, payload, accepts_response_payload: takesAnswer }: VendorJson,
): void {
	const isKnown = type === 'events_api' || type === 'slash_commands' || type === 'interactive';
	const heard = isKnown ? [...ears].map((ear) => ear.hear(type, payload)) : [];
	const answer = takesAnswer ? heard.find((each) => each.answer !== undefined)?.answer : undefined;
	const acknowledge = () => talk.send({ envelope_id, ...(answer !== undefined && { payload: responseOf(answer) }) });
	onceWritten(heard, acknowledge);
}

/** To a slash command: seen by who gave it. */
export const responseOf = (answer: string) => ({
	response_type: 'ephemeral',
	text: answer.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!),
});

const name: Text = { en: 'Slack', zh: 'Slack' };

const disabled = new ChannelError(
	'Rejected',
	{
		en: 'Socket Mode is switched off: switch it on in the app’s settings.',
		zh: 'Socket Mode 已关闭：请在应用设置中开启。',
	},
	{ code: 'link_disabled' },
);

const silence = new ChannelError(
	'Unreachable',
	{ en: 'Slack opened a connection but did not greet.', zh: 'Slack 建立了连接但没有应答。' },
	{ code: 'HELLO' },
);

const noAddress = new ChannelError(
	'Unexpected',
	{ en: 'Slack gave no address to connect to: check the base URL.', zh: 'Slack 未返回连接地址：请检查服务地址。' },
	{ code: 'ADDRESS' },
);

const unauthorized = ({ code }: ChannelError) =>
	new ChannelError(
		'Unauthorized',
		{
			en: `Slack refused the app-level token (${code}): create one with the scope connections:write under “Basic Information”.`,
			zh: `Slack 拒绝了应用级令牌（${code}）：请在 Basic Information 中创建带 connections:write 权限的令牌。`,
		},
		{ code },
	);
