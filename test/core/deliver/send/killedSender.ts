import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { sqliteStore } from '../../../../src/core/state/sqlite';
import { processOf } from '../../state/processes';
import { compiledStores, temporary, workerFile } from '../../state/stores';

const root = join(__dirname, '../../../..');
const words = 12;

/** What a sender does until it is killed, or nothing waits any more: five at a time, each part of a few words. */
const sender = `async ({ sqliteStore }, { file, url, bundle, round, options }) => {
	const { deliver, storedProgress, defineChannel, chars, baseUrl } = require(bundle);
	const say = (...all) => require('node:fs').writeSync(1, all.join(' ') + '\\n');
	const store = sqliteStore({ file });
	const bell = defineChannel({
		id: 'bell', name: 'Bell', zh: '铃', docs: 'https://bell.invalid',
		renders: { markup: 'plain', limit: chars(30) },
		account: { baseUrl: baseUrl('https://bell.invalid') },
		options: {},
		async send({ message, http }) {
			const raw = await http.post('/ring', { json: { text: message.body } });
			return { id: raw.id, raw };
		},
	});
	const holder = 'h' + round;
	const ring = async ({ id, body }) => {
		const progress = await storedProgress(store, 's', id, 'bell');
		for (const key of Object.keys(progress.progress.underWay ?? {})) say('doubt', body.n);
		try {
			const receipt = await deliver(bell, { baseUrl: url }, { ...options, overflow: 'split' }, body.text, { progress });
			await store.settle('s', id, holder, { done: receipt.parts });
		} catch (error) {
			await store.settle('s', id, holder, error.transient ? { later: 10 } : { dead: error.code + ' ' + body.n });
		}
	};
	for (;;) {
		const batches = await store.take('s', { holder, lease: 1500, most: 5 });
		await Promise.all(batches.map(ring));
		const { waiting, held } = await store.status('s');
		if (waiting + held === 0) break;
		if (batches.length === 0) await new Promise((done) => setTimeout(done, 20));
	}
	await store.close();
	say('over');
}`;

export interface Rung {
	/** How often a sender was killed. */
	kills: number;
	/** Words that never came, of messages that were not given up in doubt. */
	missing: string[];
	/** Messages of which something came twice though nothing of it was in doubt. */
	twice: number[];
	/** Messages that were given up in doubt. */
	givenUp: number[];
	/** Messages of which something came twice. */
	doubled: number;
	/** Messages of which something was in doubt after a death. */
	doubtful: number;
}

/** Kills a process that sends, so many times, each in the middle of it; the service counts what came. */
export async function killedSender(
	{ rounds, messages, repeatUnknown }: { rounds: number; messages: number; repeatUnknown: boolean },
	random: () => number,
): Promise<Rung> {
	const { folder, remove } = temporary();
	const file = join(folder, 'carillon.db');
	const heard = new Map<string, number>();
	let rings = () => {};
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			const { text } = JSON.parse(body) as { text: string };
			for (const [word] of text.matchAll(/m\d+w\d+/g)) heard.set(word, (heard.get(word) ?? 0) + 1);
			rings();
			setTimeout(() => response.end('{"id":1}'), random() * 4);
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const doubtful = new Set<number>();
	const options = { repeatUnknown, deadline: 30 };
	let kills = 0;
	try {
		await fill(file, messages);
		for (let round = 0; ; round++) {
			const rung = new Promise<void>((done) => (rings = done));
			const run = processOf(sender, { file, url, bundle: compiledDelivery(), round, options });
			await Promise.race([rung, run.ended]);
			if (round < rounds) {
				// Every other time while the service has not answered yet.
				if (round % 2 === 1) await sleep(random() * 60);
				if (run.child.kill('SIGKILL')) kills++;
			}
			await run.ended;
			for (const line of run.lines)
				if (line.startsWith('doubt ')) doubtful.add(Number(line.slice(6)));
				else if (line.startsWith('error')) throw new Error(run.lines.join('\n'));
			if (run.lines.includes('over')) break;
		}
		const givenUp = await givenUpIn(file);
		const all = Array.from({ length: messages }, (_, n) => n);
		const of = (n: number) => Array.from({ length: words }, (_, at) => heard.get(`m${n}w${at}`) ?? 0);
		const doubled = all.filter((n) => of(n).some((count) => count > 1));
		return {
			...{ kills, givenUp, doubled: doubled.length, doubtful: doubtful.size },
			missing: all
				.filter((n) => !givenUp.includes(n))
				.flatMap((n) => of(n).flatMap((count, at) => (count === 0 ? [`m${n}w${at}`] : []))),
			twice: doubled.filter((n) => !doubtful.has(n)),
		};
	} finally {
		server.closeAllConnections();
		server.close();
		remove();
	}
}

async function fill(file: string, messages: number): Promise<void> {
	const store = sqliteStore({ file, worker: workerFile() });
	const batches = Array.from({ length: messages }, (_, n) => ({
		body: { n, text: Array.from({ length: words }, (_, at) => `m${n}w${at}`).join(' ') },
	}));
	await store.transact('s', 'k', [], () => ({ batches }));
	await store.close();
}

async function givenUpIn(file: string): Promise<number[]> {
	const store = sqliteStore({ file, worker: workerFile() });
	const dead = await store.list('s', 'dead', 1_000);
	await store.close();
	const [other] = dead.filter(({ error = '' }) => !error.startsWith('CUT_OFF '));
	if (other) throw new Error(`Given up for another reason: ${other.error}`);
	return dead.map(({ error = '' }) => Number(error.slice(8)));
}

let compiled: string | undefined;

function compiledDelivery(): string {
	if (compiled) return compiled;
	compiled = join(compiledStores(), 'delivery.js');
	const contents = `export * from './src/core/deliver/deliver'; export { defineChannel, baseUrl, chars } from './src/core/define/channel';`;
	buildSync({
		...{ absWorkingDir: root, bundle: true, target: 'node22.9', outfile: compiled },
		...({ packages: 'external', platform: 'node', format: 'cjs' } as const),
		stdin: { contents, resolveDir: root, loader: 'ts' },
	});
	return compiled;
}
