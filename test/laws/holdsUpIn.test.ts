import { gzipSync } from 'node:zlib';
import type { Outcome } from '../../src/core/receive/reception';
import { receptionist } from '../../src/core/receive/reception';
import { compose } from '../../src/core/message/compose';
import { readMessage } from '../../src/core/message/message';
import { memoryStore } from '../../src/core/state/memory';
import { webhookTrigger } from '../../src/services/webhook/webhook.trigger';
import { isLong } from '../property';
import { receiving } from '../services/webhook/receiving';
import { workOf } from '../work';
import { kinds, sized } from './kinds';

/**
 * Nothing holds up the host on the way in: what a body of any kind of text is looked at, from its bytes to the message
 * that a channel reads, grows with its size alone. Counted, never timed.
 */
const size = isLong ? 1_000_000 : 250_000;
/** How often each character may be looked at, by all patterns and searches together. */
const most = 30;

const reception = receptionist(webhookTrigger, {
	account: { access: 'open' },
	options: { repeatWindow: 0 },
	store: memoryStore(),
});
afterAll(() => reception.close());

/** Comes in, becomes a message, and is read as one by a channel. */
async function workOfBody(body: Uint8Array, contentType: string) {
	let outcome!: Outcome;
	let work = workOf(() => (outcome = reception.receive(receiving(body, { contentType }).request)));
	const [happening] = await outcome.happenings;
	const message = happening?.message;
	if (message) work += workOf(() => readMessage(compose({}, { message }), () => undefined));
	return { work, message, ...outcome };
}

/** Nobody can see that; whoever sends nothing else is told so. */
const isBlank = (kind: string) => kind === 'spaces' || kind === 'blank lines';

describe.each(Object.entries(kinds))('%s', (kind, unit) => {
	const text = sized(unit, size);

	test('as a text', async () => {
		const { work, reply, message } = await workOfBody(Buffer.from(text), 'text/plain');
		expect(reply.status).toBe(200);
		expect(work).toBeLessThan(most * text.length);
		// Whoever sends it has it shown: the text is as long, but for what nobody sees.
		const seen = kind === 'ANSI' ? 0.1 : kind === 'line ends of other systems' ? 0.6 : 0.9;
		if (!isBlank(kind)) expect(message!.body.length).toBeGreaterThan(text.length * seen);
		expect(message!.body.endsWith('e')).toBe(true);
	});

	test('as title and text of an object, with fields of it', async () => {
		const part = text.slice(0, size / 4);
		const body = JSON.stringify({ title: part, text: `${part}.`, fields: [{ name: part, value: part }] });
		const { work, reply, message } = await workOfBody(Buffer.from(body), 'application/json');
		expect(reply.status).toBe(200);
		expect(work).toBeLessThan(most * body.length);
		expect(message!.body.length).toBeGreaterThan(0);
	});

	test('as a body that begins like JSON and is none', async () => {
		const body = `{"token": "a", ${text}`;
		const { work, reply } = await workOfBody(Buffer.from(body), 'application/json');
		expect([200, 400]).toContain(reply.status);
		expect(work).toBeLessThan(most * body.length);
	});
});

test.each(Object.keys(kinds).filter((kind) => isLong || /^(?:short lines|ANSI|line ends|assignments)/.test(kind)))(
	'10 MB of %s, unpacked from little',
	async (kind) => {
		const unit = kinds[kind]!;
		const text = unit.repeat(Math.floor(10_000_000 / Buffer.byteLength(unit)));
		const packed = gzipSync(text);
		expect(packed.length).toBeLessThan(100_000);
		const body = await reception.unpack(packed, 'gzip');
		expect(body).toBeInstanceOf(Uint8Array);
		const { work, reply } = await workOfBody(body as Uint8Array, 'text/plain');
		expect(reply.status).toBe(isBlank(kind) ? 400 : 200);
		expect(work).toBeLessThan(most * text.length);
	},
);

test('what would be more than 10 MB is not unpacked', async () => {
	const packed = gzipSync('a'.repeat(11_000_000));
	expect(await reception.unpack(packed, 'gzip')).toMatchObject({ status: 413 });
});
