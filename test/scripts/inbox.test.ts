import { connect } from 'node:net';
import fc from 'fast-check';
import { startInbox, type Inbox } from '../../scripts/start/inbox';

let inbox: Inbox;
beforeAll(async () => {
	inbox = await startInbox({ http: 0, smtp: 0 });
});
afterAll(() => inbox.close());

const host = () => new URL(inbox.url).host;

/** Writes a request as it stands; what came back until the inbox hung up. */
function wire(text: string): Promise<string> {
	return new Promise((done, failed) => {
		const { hostname, port } = new URL(inbox.url);
		const socket = connect(Number(port), hostname, () => socket.write(text));
		let answer = '';
		socket.setEncoding('utf8').on('data', (chunk) => (answer += String(chunk)));
		socket.on('close', () => done(answer)).on('error', failed);
	});
}

const get = (path: string, name = host()) => wire(`GET ${path} HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`);
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const isUp = async () => expect(statusOf(await get('/deliveries'))).toBe(200);

test.each([
	['two slashes', '//'],
	['another server in the path', '//evil.example/deliveries'],
	['a whole address', 'http://evil.example/deliveries'],
	['no path', '*'],
	['half an escape in a file’s id', '/files/%E0%A4%A/x'],
	['half an escape in a file’s name', '/files/x/%'],
	['a lone percent sign', '/files/%/%'],
])('%s is answered with 400', async (_what, path) => {
	expect(statusOf(await get(path))).toBe(400);
	await isUp();
});

test.each([
	['another name', () => 'evil.example'],
	['another name with its port', () => `evil.example:${new URL(inbox.url).port}`],
	['its name without its port', () => '127.0.0.1'],
	['a name that begins alike', () => `${host()}.evil.example`],
	['no name', () => ''],
])('%s is not its own', async (_what, name) => {
	for (const path of ['/', '/deliveries', '/events', '/webhook']) expect(statusOf(await get(path, name()))).toBe(400);
	await isUp();
});

test('localhost is its own, in whatever letters', async () => {
	expect(statusOf(await get('/deliveries', `LocalHost:${new URL(inbox.url).port}`))).toBe(200);
});

test.each(['image/png\r\nx-evil: 1', 'image/png\n\n<script>', '图片', '\0'])(
	'a picture of the type %j costs its own answer alone',
	async (mime) => {
		const post = await fetch(`${inbox.url}/webhook`, {
			method: 'POST',
			body: JSON.stringify({ text: 'look', image: { data: 'AAAA', mime } }),
		});
		expect(post.status).toBe(200);
		const [picture] = inbox.deliveries.at(-1)!.images;
		const answer = await get(picture!);
		expect(statusOf(answer)).toBe(400);
		expect(answer).not.toMatch(/x-evil/i);
		await isUp();
	},
);

test('whatever comes over the wire, it goes on', async () => {
	const odd = fc.constantFrom(
		...['/', '//', '%', '%E0%A4%A', '..', '?', '#', '\\', '@', '[', '\u00e9', 'files', 'webhook'],
	);
	const path = fc
		.array(fc.oneof(odd, fc.string({ maxLength: 6 })), { maxLength: 6 })
		.map((pieces) => pieces.join(''));
	const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'OPTIONS', 'HEAD', 'CONNECT', 'BREW');
	const json = fc.json({ maxDepth: 3 }).map((text) => text.slice(0, 500));
	const body = fc.oneof(
		json,
		fc.string(),
		fc
			.record({ text: fc.string(), image: fc.record({ data: fc.string(), mime: fc.string() }) })
			.map((one) => JSON.stringify(one)),
	);
	await fc.assert(
		fc.asyncProperty(
			method,
			fc.oneof(
				path,
				path.map((rest) => `/${rest}`),
			),
			body,
			fc.boolean(),
			async (verb, where, what, cut) => {
				const length = Buffer.byteLength(what) + (cut ? 5 : 0);
				const head = `${verb} ${where} HTTP/1.1\r\nhost: ${host()}\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`;
				if (cut) {
					// Half a request, and nobody left to be answered.
					await new Promise<void>((done) => {
						const { hostname, port } = new URL(inbox.url);
						const socket = connect(Number(port), hostname, () => socket.end(head + what)).resume();
						socket.on('close', () => done()).on('error', () => done());
					});
				} else if (!where.startsWith('/events')) await wire(head + what);
				for (const image of inbox.deliveries.at(-1)?.images ?? [])
					if (image.startsWith('/')) expect([200, 400]).toContain(statusOf(await get(image)));
			},
		),
		{ numRuns: 200, seed: 8025 },
	);
	await isUp();
});
