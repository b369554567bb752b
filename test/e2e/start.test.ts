import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(__dirname, '../..');

interface Shown {
	channel: string;
	title?: string;
	text?: string;
	html?: string;
	images: string[];
}

interface Printed {
	child: ChildProcess;
	text: string;
	/** All that it has printed by now. */
	output(): string;
	/** The text behind a title in the first column, such as `Inbox`. */
	line(title: string): string;
}

/** Runs `npm start` until it says how to end it. */
async function start(...args: string[]): Promise<Printed> {
	const child = spawn('npm', ['start', '--silent', ...(args.length ? ['--', ...args] : [])], {
		cwd: root,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		// As in a user's terminal: under jest's NODE_ENV n8n does not come up.
		env: { ...process.env, NODE_ENV: undefined, JEST_WORKER_ID: undefined },
	});
	let text = '';
	let over = false;
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
	child.on('exit', () => (over = true));
	while (!text.includes('Ctrl-C ends it')) {
		if (over) throw new Error(`npm start ended:\n${text}`);
		await sleep(100);
	}
	return {
		child,
		text,
		output: () => text,
		line: (title) => {
			const found = new RegExp(`^\\s*${title}:\\s+(.*)$`, 'm').exec(text)?.[1];
			if (!found) throw new Error(`npm start printed no ${title}:\n${text}`);
			return found;
		},
	};
}

/** As the terminal does it: to everything that runs there. */
async function interrupt({ child }: Printed): Promise<void> {
	const ended = new Promise((resolve) => child.on('exit', resolve));
	process.kill(-child.pid!, 'SIGINT');
	await ended;
}

const isOpen = (url: string) =>
	fetch(url).then(
		() => true,
		() => false,
	);

async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
	const { port } = probe.address() as AddressInfo;
	await new Promise((done) => probe.close(done));
	return port;
}

const folders = (prefix: string) => readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));

async function deliveries(inbox: string, count: number): Promise<Shown[]> {
	for (;;) {
		const shown = (await (await fetch(`${inbox}/deliveries`)).json()) as Shown[];
		if (shown.length >= count) return shown;
		await sleep(100);
	}
}

describe.each([
	['node-red', []],
	['n8n', ['n8n']],
])('npm start with %s', (host, args) => {
	let before: string[];
	let started: Printed;

	beforeAll(async () => {
		before = folders(`carillon-start-${host}-`);
		started = await start(...args);
	}, 300_000);

	afterAll(async () => {
		if (started?.child.exitCode === null && started.child.signalCode === null) await interrupt(started);
	}, 30_000);

	test('the printed curl line makes three messages in the inbox, with the poster', async () => {
		const inbox = started.line('Inbox');
		execFileSync('sh', ['-c', `${started.line('Try it')} --silent --show-error --fail-with-body`], { cwd: root });
		const shown = await deliveries(inbox, 3);
		expect(shown.map(({ channel }) => channel).sort()).toEqual(['bark', 'email', 'webhook']);
		for (const { title, text, html } of shown) expect(`${title} ${text} ${html}`).toContain('The Bell Ringer');
		const webhook = shown.find(({ channel }) => channel === 'webhook')!;
		const picture = await fetch(`${inbox}${webhook.images[0]}`);
		expect(picture.headers.get('content-type')).toBe('image/jpeg');
		expect(shown.find(({ channel }) => channel === 'email')?.html).toMatch(/<img[^>]+src="\/files\//);
	}, 60_000);

	test('the inbox page and the editor answer', async () => {
		const page = await (await fetch(started.line('Inbox'))).text();
		expect(page).toContain('<title>Carillon inbox</title>');
		expect((await fetch(started.line(host === 'n8n' ? 'n8n' : 'Node-RED'))).status).toBe(200);
	});

	test('Ctrl-C ends the host and the inbox and leaves no folder', async () => {
		const urls = [started.line('Inbox'), started.line(host === 'n8n' ? 'n8n' : 'Node-RED')];
		await interrupt(started);
		expect(started.output()).toContain('npm start -- --folder DIR');
		expect(await Promise.all(urls.map(isOpen))).toEqual([false, false]);
		expect(folders(`carillon-start-${host}-`)).toEqual(before);
	}, 30_000);
});

test('taken ports are replaced by free ones', async () => {
	const taken = [createServer(), createServer(), createServer()];
	await Promise.all(
		taken.map(
			(server, index) =>
				new Promise<void>((done) =>
					server.once('error', () => done()).listen([1880, 8025, 2525][index], '127.0.0.1', () => done()),
				),
		),
	);
	const started = await start();
	try {
		const ports = [started.line('Node-RED'), started.line('Inbox')].map((url) => new URL(url).port);
		expect(ports).not.toContain('1880');
		expect(ports).not.toContain('8025');
		// Nothing that worries who reads it.
		expect(started.text).not.toMatch(/EADDRINUSE/);
		expect(await Promise.all([started.line('Node-RED'), started.line('Inbox')].map(isOpen))).toEqual([true, true]);
	} finally {
		await interrupt(started);
		for (const server of taken) if ((server.address() as AddressInfo | null) !== null) server.close();
	}
}, 120_000);

test('a folder that was named keeps what was made, on the port that was named', async () => {
	const own = mkdtempSync(join(tmpdir(), 'carillon-kept-'));
	const port = await freePort();
	const args = ['--port', String(port), '--folder', own];
	const note = { id: 'note', type: 'comment', z: 'made-here', name: 'kept', x: 100, y: 100, wires: [] };
	try {
		let started = await start(...args);
		const editor = started.line('Node-RED');
		expect(editor).toBe(`http://127.0.0.1:${port}`);
		const flows = (await (await fetch(`${editor}/flows`)).json()) as object[];
		const deployed = await fetch(`${editor}/flows`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify([...flows, { id: 'made-here', type: 'tab' }, note]),
		});
		expect(deployed.status).toBe(204);
		// Somebody else's port is not taken from them.
		expect(() =>
			execFileSync('npm', ['start', '--silent', '--', '--port', String(port)], { cwd: root, stdio: 'pipe' }),
		).toThrow(/port \d+ is taken/);
		await interrupt(started);
		started = await start(...args);
		const kept = (await (await fetch(`${editor}/flows`)).json()) as object[];
		expect(kept).toContainEqual(expect.objectContaining({ id: 'note', name: 'kept' }));
		expect(kept).toHaveLength(flows.length + 2);
		await interrupt(started);
	} finally {
		rmSync(own, { recursive: true, force: true });
	}
}, 300_000);

test.each([
	['--port', 'x'],
	['--port', '70000'],
	['--folder', ''],
	['--colour', 'red'],
])('%s %s is refused', (...args) => {
	expect(() => execFileSync('npm', ['start', '--silent', '--', ...args], { cwd: root, stdio: 'pipe' })).toThrow(
		/carillon: /,
	);
});

test('an unknown host is refused with the names of those known', () => {
	expect(() => execFileSync('npm', ['start', '--silent', '--', 'n8', 'x'], { cwd: root, stdio: 'pipe' })).toThrow(
		/knows node-red and n8n/,
	);
});
