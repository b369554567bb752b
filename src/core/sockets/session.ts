import { openSocket, type SocketOwner } from './client';
import { isChannelError, type ChannelError } from '../base/errors';
import type { VendorJson } from '../http/http';
import type { Text } from '../base/language';
import { whyFailed } from './connection';
import { backOff } from './backOff';
import type { Ear, Line } from './lines';

/** The service wants the connection moved, it broke, or why the service ended it. */
export type End = 'moving' | 'broken' | ChannelError;

/** An open WebSocket over which a service tells what happens. */
export interface Session {
	/** The first end counts. */
	readonly ended: Promise<End>;
	/** Nothing of it is left. */
	readonly closed: Promise<unknown>;
	end(how: End): void;
	/** @param after ms; the service itself may be first */
	close(after?: number): void;
}

/** What a frame may bring about. */
export interface Talk {
	send(frame: unknown): void;
	end(how: End): void;
	/** It is the service that speaks, and it knows us. */
	greet(): void;
}

/** ms */
const patience = { hello: 15_000, ping: 15_000, stable: 60_000, retire: 10_000, longest: 2 ** 31 - 1 };

/**
 * A connection whose every frame is read.
 * @param read undefined stands for what is no JSON
 * @param silence for services that greet: what is thrown where they do not
 * @param pingEvery ms; two pings without any sign of life end the connection
 * @throws ChannelError
 */
export async function openSession(
	owner: SocketOwner,
	url: string,
	read: (frame: VendorJson, talk: Talk) => void,
	{
		headers,
		silence,
		pingEvery = patience.ping,
	}: { headers?: Record<string, string>; silence?: ChannelError; pingEvery?: number } = {},
): Promise<Session> {
	const { signal } = owner;
	const socket = await openSocket(owner, url, headers);
	let end!: (how: End) => void;
	let greet!: (isThere: boolean) => void;
	const ended = new Promise<End>((done) => (end = done));
	const greeted = new Promise<boolean>((done) => (greet = done));
	const talk: Talk = { send: (frame) => socket.send(JSON.stringify(frame)), end, greet: () => greet(true) };
	const hear = (text: string): undefined => read(parsed(text), talk) as undefined;
	try {
		socket.early.forEach(hear);
	} catch {
		// As below: what cannot be read ends the connection, which is then opened anew.
		end('broken');
	}
	// Every frame is read, for none is ever the one that was waited for; after the longest wait there is, it is opened anew.
	socket.next<never>(hear, patience.longest).catch(() => end('broken'));
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
	const close = (after = 0) => {
		clearTimeout(leaving);
		if (after > 0) leaving = setTimeout(close, after);
		else {
			clearInterval(pinging);
			socket.close(1000);
		}
	};
	const stop = () => close();
	signal.addEventListener('abort', stop, { once: true });
	const isThere = silence === undefined || (await greeted);
	clearTimeout(waiting);
	signal.removeEventListener('abort', stop);
	if (isThere) return { ended, closed, end, close };
	close();
	await closed;
	throw silence;
}

/**
 * Keeps a session open until the line's signal is aborted and everything is closed. Told to move, the next one is there
 * before the one before goes.
 * @throws ChannelError where the service refuses the account from the start
 */
export async function keepSession<E extends Ear>(line: Line<E>, open: () => Promise<Session>): Promise<void> {
	const sessions = new Set<Session>();
	try {
		await keepOpen(line, open, sessions);
	} finally {
		const rest = [...sessions];
		for (const session of rest) session.close();
		await Promise.all(rest.map(({ closed }) => closed));
	}
}

async function keepOpen<E extends Ear>(
	line: Line<E>,
	open: () => Promise<Session>,
	sessions: Set<Session>,
): Promise<void> {
	let failures = 0;
	let wasHeard = false;
	let last: Session | undefined;
	while (!line.signal.aborted) {
		const started = Date.now();
		try {
			const session = await open();
			// What is on its way on the one before still arrives; of those before that one nothing is left.
			for (const old of sessions) old.close(old === last ? patience.retire : 0);
			sessions.add((last = session));
			session.closed.then(() => sessions.delete(session)).catch(() => undefined);
			wasHeard = true;
			line.say('connected');
			const end = await session.ended;
			if (typeof end !== 'string') throw end;
			if (end === 'broken' && !line.signal.aborted) line.say('connecting', broken);
			if (Date.now() - started > patience.stable) failures = 0;
			// Told to move, it moves at once; told so again and again, it takes its time.
			if (end === 'broken' || failures > 0) await backOff(failures, line.signal);
			failures++;
		} catch (error) {
			if (line.signal.aborted) return;
			if (!isChannelError(error) || (error.class === 'Unauthorized' && !wasHeard)) throw error;
			line.say(...whyFailed(error));
			await backOff(failures++, line.signal, error.retryAfter);
		}
	}
}

function parsed(text: string): VendorJson {
	try {
		return JSON.parse(text);
	} catch {
		// Nothing of the service's; what matters comes again unless it is acknowledged.
		return undefined;
	}
}

const broken: Text = { en: 'connection lost, connecting again', zh: '连接中断，正在重连' };
