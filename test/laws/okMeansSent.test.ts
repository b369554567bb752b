import { deliver, type Receipt } from '../../src/core/deliver/deliver';
import { isChannelError } from '../../src/core/base/errors';
import { closeConnections } from '../../src/core/http/http';
import { isVisible } from '../../src/core/markup';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { accepted, told } from '../accepting';
import { frozenClock } from '../refused';
import { placeOf, sampleOf } from '../sample';
import { service, type Service } from '../service';
import { channels, forms, rendersOf } from './renderers';

/** Nothing is left of them once they are rendered; what a reader would look for in their stead. */
const rendersToNothing: [body: string, format: 'markdown' | 'html', raw: string][] = [
	['&nbsp;', 'markdown', 'nbsp'],
	['&#8203;&ZeroWidthSpace;', 'markdown', 'ZeroWidthSpace'],
	['[](http://e.com/NOWORDS)', 'markdown', 'NOWORDS'],
	['<!-- NOTHING -->', 'markdown', 'NOTHING'],
	['<b></b><i>\u200b</i>', 'html', 'i'],
	['<p>&nbsp;</p>', 'html', 'nbsp'],
	['<div><br></div>', 'html', 'div'],
];
const invisible = ['', '  \n', '\u200b', '\ufeff\u2060', '\u00ad', '\u3164', '\u00a0\u3000', '\u2800'];

const cases = channels.filter(({ channel }) => channel.transport === 'http');

describe.each(cases)('$id', ({ id, channel }) => {
	let server: Service;
	let given: { account: Record<string, unknown>; options: Record<string, unknown> };
	beforeAll(async () => {
		let sampling = true;
		server = await service((seen) => (sampling ? { status: 500 } : accepted(id, server.url, seen)));
		const { port } = new URL(server.url);
		given = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(port)));
		sampling = false;
	});
	beforeEach(() => {
		forgetTokens();
		forgetTurns();
		server.requests.length = 0;
	});
	afterAll(async () => {
		await closeConnections();
		await server.close();
	});

	const send = (message: unknown, options = {}): Promise<Receipt> =>
		deliver(channel, given.account, { ...given.options, attempts: 1, ...options }, message, {
			clock: frozenClock(),
		});
	const all = () => server.requests.map(told).join('\n');
	const errorOf = (sending: Promise<Receipt>) =>
		sending.then(
			() => undefined,
			(error: unknown) => (isChannelError(error) ? [error.class, error.field] : error),
		);

	test.each(rendersToNothing)('%s goes as it was written', async (body, format, raw) => {
		const receipt = await send({ body, format });
		expect(receipt.parts).toBe(1);
		expect(decodeURIComponent(all().replaceAll('%', '%25'))).toContain(raw);
	});

	test.each(invisible.map((body) => [JSON.stringify(body), body]))('%s is no message', async (_, body) => {
		expect(isVisible(body)).toBe(false);
		expect(await errorOf(send({ body }))).toEqual(['Invalid', 'message']);
		expect(await errorOf(send({ body, title: body }))).toEqual(['Invalid', 'message']);
		expect(server.requests).toEqual([]);
	});

	test('a title of blanks is none, and the text goes', async () => {
		await send({ body: 'THETEXT', title: '\u200b \u3164' });
		expect(all()).toContain('THETEXT');
	});

	test.each([
		['XML', (at: number) => `<item id="line${at}">"a & b"</item>`],
		['backslashes and quotes', (at: number) => `C:\\dir\\"line${at}"\\'x'`],
		['CJK and emoji', (at: number) => `line${at} 电影，《新闻》👍👨‍👩‍👧`],
	])('%s: every line arrives, in order, in numbered parts', async (_, line) => {
		const lines = Array.from({ length: 400 }, (__, at) => line(at)).join('\n');
		const receipt = await send({ body: lines, format: 'text' }, { maxParts: 100 });
		const sent = server.requests.map(({ path, query, body: raw }) =>
			[path, ...Object.values(query), raw].join(' '),
		);
		const arrived = [...new Set(sent.join('\n').match(/line\d+/g) ?? [])];
		const wanted = Array.from({ length: 400 }, (__, at) => `line${at}`);
		if (receipt.degraded.includes('cut')) {
			// One message only: its beginning, and the receipt says how much is missing.
			expect(receipt.parts).toBe(1);
			expect(wanted.slice(0, arrived.length)).toEqual(arrived);
			expect(receipt.losses.find(({ kind }) => kind === 'cut')!.count).toBeGreaterThan(0);
		} else {
			expect(arrived).toEqual(wanted);
			for (let part = 1; receipt.parts > 1 && part <= receipt.parts; part++)
				expect(all()).toContain(`(${part}/${receipt.parts})`);
		}
	});

	test('past the cap on parts the last one says how much is missing', async () => {
		const receipt = await send({ body: 'word '.repeat(100_000), format: 'text' }, { maxParts: 2 });
		expect(receipt.parts).toBeLessThanOrEqual(2);
		const cut = receipt.losses.find(({ kind }) => kind === 'cut');
		if (receipt.parts === 2) {
			expect(cut).toMatchObject({ part: 2 });
			expect(all()).toContain(`${cut!.count.toLocaleString('en')} more characters were left out`);
		}
		if (channel.takesFiles) {
			server.requests.length = 0;
			const whole = await send(
				{ body: 'word '.repeat(100_000) + 'LASTWORD', format: 'text' },
				{ overflow: 'file' },
			);
			if (whole.degraded.includes('cut')) expect(all()).toContain('LASTWORD');
		}
	});

	test('a title that is cut is named', async () => {
		const title = Array.from({ length: 400 }, (_, at) => `word${at}`).join(' ');
		const receipt = await send({ body: 'THETEXT', title });
		if (!all().includes('word399')) expect(receipt.degraded).toContain('title');
	});

	if (channel.target && !channel.target.passedOn) {
		test.each([
			['en', /recipient/i],
			['zh', /接收者/],
		])('a recipient that the message may not choose is named in %s', async (language, says) => {
			given.account.language = language;
			const to = await send({ body: 'x', to: '424242' });
			expect(to.warnings).toContainEqual(expect.stringMatching(says));
			expect((await send({ body: 'x' })).warnings).toEqual([]);
		});
	}
});

test.each(channels)('$id offers a file where some form of it sends files as bytes, and nowhere else', ({ channel }) => {
	const takes = forms(channel).some((form) => ['bytes', 'both'].includes(rendersOf(channel, form).attachments ?? ''));
	expect([channel.takesFiles === true, 'file' in channel.options.overflow!.options!]).toEqual([takes, takes]);
});
