import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ChatEvent } from '../../../src/core/receive/chat';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { Happening, Trigger } from '../../../src/core/define/trigger';

/** A trigger behind a real HTTP server, as hosts put it there. */
export interface Served {
	url: string;
	happenings: Happening[];
	events: ChatEvent[];
	/** What went wrong on this side, answers that failed included. */
	failures: string[];
	close(): Promise<void>;
}

export async function served(
	trigger: Trigger,
	account: Record<string, unknown> = {},
	options: Record<string, unknown> = {},
	now: () => number = Date.now,
): Promise<Served> {
	const reception = receptionist(trigger, { account, options, store: memoryStore(), now });
	const seen: Omit<Served, 'url' | 'close'> = { happenings: [], events: [], failures: [] };
	const afterwards = new Set<Promise<unknown>>();
	const server = createServer(async (request, response) => {
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
		const head = {
			method: request.method ?? '',
			path: pathname,
			query: Object.fromEntries(searchParams),
			headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
		};
		const refused = reception.admit(head);
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const outcome = refused
			? { reply: refused, failure: refused.failure, happenings: Promise.resolve([]) }
			: reception.receive({ ...head, body: Buffer.concat(chunks) });
		const { reply, failure, happenings } = outcome;
		if (failure) seen.failures.push(failure.message);
		if ('afterwards' in outcome && outcome.afterwards)
			afterwards.add(outcome.afterwards.then((unsaid) => unsaid && seen.failures.push(unsaid.message)));
		const settled = await happenings;
		seen.happenings.push(...settled);
		seen.events.push(...settled.map(({ event }) => event as ChatEvent));
		response.writeHead(reply.status, reply.headers);
		response.end(reply.body);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		...seen,
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
		close: async () => {
			await Promise.all(afterwards);
			reception.close();
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

export interface Told {
	status: number;
	text: string;
	json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test says what it expects
}

export async function tell(
	url: string,
	body?: unknown,
	headers: Record<string, string> = {},
	method = 'POST',
): Promise<Told> {
	const raw =
		body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
	const response = await fetch(url, { method, headers, ...(method !== 'GET' && { body: raw as string }) });
	const text = await response.text();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: response.status, text, json };
}

/** Real bodies of a sender, by file name; none, with a note, where the corpus is not beside the project. */
export function corpus(sender: string): [name: string, body: Buffer][] {
	const folder = join(__dirname, '..', '..', '..', '..', 'shared', 'corpus', sender);
	if (existsSync(folder)) return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
	console.info(`Skipped: there is no corpus of ${sender} beside the project.`);
	return [];
}
