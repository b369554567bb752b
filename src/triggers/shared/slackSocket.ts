import { createHash } from 'node:crypto';
import { slack } from '../../channels/slack';
import { openSocket, type ClientSocket } from '../../channels/shared/clientSocket';
import type { CommonAccount } from '../../core/channel';
import { ChannelError, isChannelError } from '../../core/errors';
import { httpFor, type VendorJson } from '../../core/http';
import type { Text } from '../../core/language';
import { backOff } from './backOff';
import { lines, type Ear as Listening, type Line } from './lines';
import type { PayloadType } from './slackPayloads';

/** One node that listens. */
export interface Ear extends Listening {
	account: CommonAccount & Record<string, unknown> & { appToken: string };
	/** @returns what to say within the acknowledgement, where that has room for it */
	hear(type: PayloadType, payload: VendorJson): string | undefined;
}

/** ms */
const patience = { hello: 15_000, ping: 15_000, stable: 60_000, retire: 10_000, longest: 2 ** 31 - 1 };

/** Slack gives each event to one of an app's connections: all nodes of the process share one. */
const sockets = lines<Ear>(run);

/**
 * Listens by Socket Mode until the signal is aborted.
 * @throws ChannelError where Slack refuses the app-level token from the start
 */
export const listen = (ear: Ear, signal: AbortSignal): Promise<void> =>
	sockets(createHash('sha256').update(ear.account.appToken).digest('hex'), ear, signal);

async function run(line: Line<Ear>): Promise<void> {
	const sessions = new Set<Session>();
	try {
		await keepOpen(line, sessions);
	} finally {
		const open = [...sessions];
		for (const session of open) session.close();
		await Promise.all(open.map(({ closed }) => closed));
	}
}

async function keepOpen(line: Line<Ear>, sessions: Set<Session>): Promise<void> {
	let failures = 0;
	let wasHeard = false;
	let last: Session | undefined;
	while (!line.signal.aborted) {
		const started = Date.now();
		try {
			const session = await openSession(line);
			// What is on its way on the one before still arrives; of those before that one nothing is left.
			for (const old of sessions) old.close(old === last ? patience.retire : 0);
			sessions.add((last = session));
			session.closed.then(() => sessions.delete(session)).catch(() => undefined);
			wasHeard = true;
			line.say('connected');
			const end = await session.ended;
			if (end === 'disabled') throw disabled;
			if (end === 'broken' && !line.signal.aborted) line.say('connecting', broken);
			if (Date.now() - started > patience.stable) failures = 0;
			// Told to move, it moves at once; told so again and again, it takes its time.
			if (end === 'broken' || failures > 0) await backOff(failures, line.signal);
			failures++;
		} catch (error) {
			if (line.signal.aborted) return;
			if (!isChannelError(error) || (error.class === 'Unauthorized' && !wasHeard)) throw error;
			line.say('failed', error.text);
			await backOff(failures++, line.signal, error.retryAfter);
		}
	}
}

export interface Session {
	/** Slack wants it moved, has Socket Mode switched off, or it broke. */
	readonly ended: Promise<'moving' | 'disabled' | 'broken'>;
	readonly closed: Promise<unknown>;
	/** @param after ms; Slack itself may be first */
	close(after?: number): void;
}

/**
 * A connection that Slack has greeted.
 * @param pingEvery ms; two pings without any sign of life end the connection
 */
export async function openSession(line: Line<Ear>, pingEvery = patience.ping): Promise<Session> {
	const { account } = line.first;
	const owner = { name, replies: slack.replies, account, signal: line.signal };
	const socket = await openSocket(owner, await addressFor(owner));
	let end!: (how: Awaited<Session['ended']>) => void;
	let greet!: (isThere: boolean) => void;
	const ended = new Promise<Awaited<Session['ended']>>((done) => (end = done));
	const greeted = new Promise<boolean>((done) => (greet = done));
	const read = (text: string) => {
		const frame = parsed(text);
		if (frame?.type === 'hello') greet(true);
		else if (frame?.type === 'disconnect') end(frame.reason === 'link_disabled' ? 'disabled' : 'moving');
		else if (typeof frame?.envelope_id === 'string') take(line, socket, frame);
	};
	socket.early.forEach(read);
	// Reads every frame, for none is ever the one that was waited for.
	socket.next<never>((text) => void read(text) as undefined, patience.longest).catch(() => end('broken'));
	let leaving: NodeJS.Timeout | undefined;
	const waiting = setTimeout(() => greet(false), patience.hello);
	let before = NaN;
	let silent = 0;
	const pinging = setInterval(() => {
		silent = socket.received() === before ? silent + 1 : 0;
		before = socket.received();
		if (silent < 2) return socket.ping();
		clearInterval(pinging);
		socket.close();
	}, pingEvery);
	const closed = socket.closed.finally(() => {
		clearTimeout(waiting);
		clearTimeout(leaving);
		clearInterval(pinging);
		greet(false);
		end('broken');
	});
	const stop = () => socket.close(1000);
	line.signal.addEventListener('abort', stop, { once: true });
	const isThere = await greeted;
	line.signal.removeEventListener('abort', stop);
	const close = (after = 0) => {
		clearTimeout(leaving);
		if (after > 0) leaving = setTimeout(close, after);
		else {
			clearInterval(pinging);
			socket.close(1000);
		}
	};
	if (isThere) return { ended, closed, close };
	close();
	await closed;
	throw silence;
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

/** Slack wants to hear within 3 s that an envelope came, and sends it again otherwise: this is said before anything else. */
function take(
	{ ears }: Line<Ear>,
	socket: ClientSocket,
	{ envelope_id, type, payload, accepts_response_payload: takesAnswer }: VendorJson,
): void {
	const isKnown = type === 'events_api' || type === 'slash_commands' || type === 'interactive';
	const answers = isKnown ? [...ears].map((ear) => ear.hear(type, payload)) : [];
	const answer = takesAnswer ? answers.find((each) => each !== undefined) : undefined;
	socket.send(JSON.stringify({ envelope_id, ...(answer !== undefined && { payload: responseOf(answer) }) }));
}

/** To a slash command: seen by who gave it. */
export const responseOf = (answer: string) => ({
	response_type: 'ephemeral',
	text: answer.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!),
});

function parsed(text: string): VendorJson {
	try {
		return JSON.parse(text);
	} catch {
		// Nothing of Slack's; what matters comes again unless it is acknowledged.
		return undefined;
	}
}

const name: Text = { en: 'Slack', zh: 'Slack' };

const broken: Text = { en: 'connection lost, connecting again', zh: '连接中断，正在重连' };

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
