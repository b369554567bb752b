import { bytes } from '../../src/core/base/limit';
import { dialects, render, type Dialect } from '../../src/core/markup';
import { realTexts, type RealText } from '../data/texts';
import { isLong } from '../property';
import { readers } from './readers';
import { meantOfReal } from './realMarkup';
import { firstMissing } from './words';

/**
 * Nothing is lost in silence of what people really send: release notes, issues, logs, traces, alerts, what a shell
 * shows. Their words, less what is listed as markup, stand in what each dialect prints, in order.
 *
 * A fixed share of texts and dialects; all of them in the long run.
 */
const share = (one: number, of: number) => (isLong ? true : one % of === 0);
const pairs = realTexts.flatMap((real, at) => dialects.map((dialect, nth) => ({ real, dialect, turn: at + nth })));

/** Of the end of a part. */
const counter = /\s*\(\d+\/\d+\)\s*$/;

function losses(real: RealText, dialect: Dialect, max: number): string[] {
	const { format, text } = real;
	const { parts, cut } = render(text, { format, dialect, limit: bytes(max), overflow: 'split' });
	const read = parts.map(readers[dialect]);
	const shown = (parts.length > 1 ? read.map((part) => part.replace(counter, '')) : read).join('\n');
	const missing = firstMissing(meantOfReal(text, format), shown);
	const where = `${dialect}, ${real.kind}, ${real.source}`;
	return [
		...(missing === undefined ? [] : [`${where}: lost “${missing}” of ${JSON.stringify(text.slice(0, 200))}`]),
		...(cut ? [`${where}: cut, though it may be split`] : []),
	];
}

test('there are texts of every kind', () => {
	expect(realTexts.length).toBeGreaterThan(320);
	expect([...new Set(realTexts.map(({ kind }) => kind))].sort()).toEqual(
		['alerts', 'chinese', 'code', 'html', 'issues', 'logs', 'readmes', 'releases', 'shell', 'traces'].sort(),
	);
});

describe.each(dialects)('%s', (dialect) => {
	const own = pairs.filter((pair) => pair.dialect === dialect);
	const whole = own.filter(({ turn }) => share(turn, 3));
	test(`shows every word of ${whole.length} texts`, () => {
		expect(whole.flatMap(({ real }) => losses(real, dialect, 10_000_000))).toEqual([]);
	});
	const inParts = own.filter(({ turn }) => share(turn + 1, 6));
	test(`shows every word of ${inParts.length} texts in parts of 2000 bytes`, () => {
		expect(inParts.flatMap(({ real }) => losses(real, dialect, 2_000))).toEqual([]);
	});
});
