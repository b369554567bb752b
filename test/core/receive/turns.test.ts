import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';
import { kinds, sized } from '../../laws/kinds';
import { fc, runs } from '../../property';
import { receiveOne, receiving } from '../../services/webhook/receiving';
import { workOf } from '../../work';

const account = { access: 'open' };
const reception = receptionist(webhookTrigger, { account, options: { repeatWindow: 0 }, store: memoryStore() });
afterAll(() => reception.close());

const requestOf = (body: string | Uint8Array, contentType = 'text/plain') =>
	receiving(Buffer.from(body), { contentType }).request;

test('a small body takes no other turn', () => {
	for (const body of ['a text', '{"message":"one"}{"message":"two"}', `{"text":"${'x'.repeat(10_000)}"}`, '{"half":'])
		expect(reception.receiveInTurns(requestOf(body))).not.toBeInstanceOf(Promise);
});

describe.each(Object.entries(kinds))('%s', (_, unit) => {
	const text = sized(unit, 100_000);
	test.each([
		['as a text', text, 'text/plain'],
		['of a script', JSON.stringify({ title: 'T', text }), 'application/json'],
		['under names that nobody knows', JSON.stringify({ a: { b: [text] }, c: text }), 'application/json'],
		['in a form', `title=T&text=${encodeURIComponent(text)}`, 'application/x-www-form-urlencoded'],
		['in brackets', `[${text}]`, 'text/plain'],
		['in letters of another charset', Buffer.concat([Buffer.from([0xc4, 0xe3]), Buffer.from(text)]), 'text/plain'],
	])('%s comes to the same in several turns', async (_how, body, contentType) => {
		const request = requestOf(body, contentType);
		const atOnce = reception.receive(request);
		const inTurns = reception.receiveInTurns(request);
		expect(inTurns).toBeInstanceOf(Promise);
		const { reply, happenings } = await inTurns;
		expect(reply).toEqual(atOnce.reply);
		const without = (all: Awaited<typeof happenings>) =>
			all.map(({ message, key, raw }) => ({ key, raw, message: { ...message, happening: '', time: '' } }));
		expect(without(await happenings)).toEqual(without(await atOnce.happenings));
	});
});

test('what a large body is looked at is spread over many turns, in which others are served', async () => {
	const body = JSON.stringify({ text: 'a\\n "b" '.repeat(250_000) });
	let served = 0;
	let isOver = false;
	const serve = () => {
		served++;
		if (!isOver) setImmediate(serve);
	};
	setImmediate(serve);
	await reception.receiveInTurns(requestOf(body, 'application/json'));
	isOver = true;
	expect(served).toBeGreaterThan(10);
});

test('line breaks as two characters, wherever a text is cut for it', () => {
	const pieces = ['\\n', '\\r\\n', '\\"', '\\r', '\\', 'n', 'r', 'a', '"', ' '];
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }), (unit) => {
			const text = `b${unit.join('').repeat(Math.ceil(70_000 / unit.join('').length))}e`;
			fc.pre(!/(?:\b[A-Za-z]:|\\)\\/.test(text));
			const shown = text.replace(/\\r\\n|\\n/g, '\n').replaceAll('\\"', '"');
			expect(receiveOne({ text }).message.body).toBe(shown);
		}),
		{ numRuns: runs(50) },
	);
});

test('a text of which no end is shown is looked at once', () => {
	const text = 'x'.repeat(2_000_000);
	expect(workOf(() => receiveOne({ text }))).toBeLessThan(30 * text.length);
});
