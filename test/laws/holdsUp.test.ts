import type { Renders } from '../../src/core/define/channel';
import * as markdownParser from '../../src/core/markup/parse/markdown';
import * as htmlParser from '../../src/core/markup/parse/html';
import * as walking from '../../src/core/markup/walk/walk';
import { renderParts } from '../../src/core/deliver/render/rendering';
import { isLong } from '../property';
import { kinds, sized } from './kinds';
import { renderers } from './renderers';

jest.setTimeout(120_000);

/** Work is counted, never timed: characters handed to a parser, pieces built from them, turns of the event loop. */
const work = { parsed: [] as number[], pieces: 0, turns: 0, parsedInTurn: 0, most: 0 };

function parsing(text: string) {
	work.parsed.push(text.length);
	work.parsedInTurn += text.length;
	work.most = Math.max(work.most, work.parsedInTurn);
}

jest.mock('../../src/core/markup/parse/markdown', () => ({
	...jest.requireActual<object>('../../src/core/markup/parse/markdown'),
}));
jest.mock('../../src/core/markup/parse/html', () => ({
	...jest.requireActual<object>('../../src/core/markup/parse/html'),
}));
jest.mock('../../src/core/markup/walk/walk', () => ({
	...jest.requireActual<object>('../../src/core/markup/walk/walk'),
}));

const { parseMarkdown } = jest.requireActual<typeof markdownParser>('../../src/core/markup/parse/markdown');
const { parseHtml } = jest.requireActual<typeof htmlParser>('../../src/core/markup/parse/html');
const { walk } = jest.requireActual<typeof walking>('../../src/core/markup/walk/walk');

beforeEach(() => {
	jest.spyOn(markdownParser, 'parseMarkdown').mockImplementation((text) => {
		parsing(text);
		return parseMarkdown(text);
	});
	jest.spyOn(htmlParser, 'parseHtml').mockImplementation((text) => {
		parsing(text);
		return parseHtml(text);
	});
	jest.spyOn(walking, 'walk').mockImplementation((doc, printer, spent) => {
		const pieces = walk(doc, printer, spent);
		work.pieces += pieces.length;
		return pieces;
	});
});

/** What was done for one message, and how many turns it took. */
async function workOf(body: string, renders: Renders, maxParts: number, format?: 'html') {
	Object.assign(work, { parsed: [], pieces: 0, turns: 0, parsedInTurn: 0, most: 0 });
	let over = false;
	const turn = () => {
		work.turns++;
		work.parsedInTurn = 0;
		if (!over) setImmediate(turn);
	};
	setImmediate(turn);
	const rendering = await renderParts({ body, format }, renders, { overflow: 'split', maxParts }, 'en');
	over = true;
	return { ...work, ...rendering, total: work.parsed.reduce((sum, each) => sum + each, 0) };
}

const all = renderers();
/** One of a dialect, that with the smallest limit, stands for the others in the long table. */
const dialects = [...Map.groupBy(all, ({ renders }) => renders.markup).values()].map((same) =>
	same.reduce((least, each) => (each.renders.limit.max < least.renders.limit.max ? each : least)),
);

/** Every kind of text with every dialect in the long run; else each kind once, and the dialects take turns. */
const shareOf = (kind: string) => {
	const at = Object.keys(kinds).indexOf(kind);
	return isLong ? dialects : [dialects[at % dialects.length]!];
};

test('every channel is found, every kind of text and every dialect has its turn', () => {
	expect(dialects.length).toBeGreaterThan(8);
	expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(40);
	expect(new Set(Object.keys(kinds).flatMap(shareOf)).size).toBe(dialects.length);
});

describe.each(Object.entries(kinds))('1 MB of %s', (kind, unit) => {
	test.each(shareOf(kind))('$renders.markup ($id)', async ({ renders }) => {
		// A mail takes all of it, and time.
		const body = sized(unit, renders.limit.max > 100_000 ? 50_000 : 1_000_000);
		const { parts, most, total, pieces, losses, turns, parsed } = await workOf(body, renders, 2);
		expect(parts.length).toBeLessThanOrEqual(2);
		// Never much in one turn, nor more than the parts can show, whatever of it they can.
		expect(most).toBeLessThanOrEqual(64 * 1024);
		expect(turns).toBeGreaterThanOrEqual(parsed.length - 1);
		expect(total).toBeLessThanOrEqual(body.length * 1.05 + 64 * 1024);
		expect(pieces).toBeLessThanOrEqual(total * 4 + 100);
		const sent = parts.reduce((sum, part) => sum + part.body.length, 0);
		if (kind !== 'spaces' && kind !== 'blank lines') expect(sent).toBeGreaterThan(0);
		expect(losses.every(({ count, part }) => count > 0 && part >= 1 && part <= parts.length)).toBe(true);
	});
});

const large: readonly [string, () => string, 'html' | undefined][] = [
	['10 MB of short lines', () => sized('a\n', 10_000_000), undefined],
	['100 KB of items', () => sized('- a *b*\n', 100_000), undefined],
	['100 KB of HTML', () => sized('<p>a <b>b</b></p>', 100_000), 'html'],
];

describe.each(all.map((one, at) => ({ ...one, own: isLong ? large : [large[at % large.length]!] })))(
	'$renders.markup of $id $form',
	({ renders, own }) => {
		test.each(own)('%s', async (_, bodyOf, format) => {
			const body = bodyOf();
			const { parts, most, total, losses } = await workOf(body, renders, 10, format);
			const capacity = renders.limit.max * (renders.single ? 1 : 10);
			expect(parts.length).toBeLessThanOrEqual(renders.single ? 1 : 10);
			expect(most).toBeLessThanOrEqual(64 * 1024);
			// What can never be shown is not even parsed; markup may take many times the room of its text.
			expect(total).toBeLessThanOrEqual(capacity * 20 + 64 * 1024);
			const sent = parts.reduce((sum, part) => sum + part.body.length, 0);
			const cut = losses.find(({ kind }) => kind === 'cut')?.count ?? 0;
			// Whatever was sent or not, nobody's count is far off.
			if (cut > 0) expect(sent).toBeGreaterThan(Math.min(capacity, body.length) * 0.1);
			else expect(sent).toBeGreaterThan(body.length * 0.2);
		});
	},
);
