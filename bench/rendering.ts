/** MB/s of rendering by kind of text, beside markdown-it alone on the same text in the same run. */
import MarkdownIt from 'markdown-it';

import { chars, render } from './carillon';
import { median, type Figure } from './paired';

export const units: Readonly<Record<string, string>> = {
	prose: 'The **quick** brown fox jumps over the [lazy dog](https://example.com/a_b). 中文内容。\n\n',
	'plain words': 'the quick brown fox jumps over the lazy dog. ',
	'short lines': 'a\n',
	items: '- an item\n',
	links: '[a link](https://example.com/a) ',
	tables: '| a | b |\n',
	'open brackets': '[',
	CJK: '电影《流浪地球》今日上映。',
	emoji: '👍👨‍👩‍👧 ',
	XML: '<item id="1">a &amp; b</item>\n',
	code: '```\nconst x = 1;\n```\n\n',
};
const size = 200_000;

function megabytesASecond(source: string, run: () => unknown): number {
	const started = performance.now();
	run();
	return Buffer.byteLength(source) / 1000 / (performance.now() - started);
}

export function renderingBench({ pairs }: { pairs: number }): Promise<Figure[]> {
	const parser = new MarkdownIt({ html: true });
	const options = { format: 'markdown', dialect: 'telegramHtml', limit: chars(4096), overflow: 'split' } as const;
	const figures = Object.entries(units).flatMap(([kind, unit]): Figure[] => {
		const head = kind === 'tables' ? '| a | b |\n| - | - |\n' : '';
		const source = head + unit.repeat(Math.ceil(size / unit.length));
		const runs: { ours: number; alone: number }[] = [];
		for (let pair = -1; pair < pairs; pair++) {
			const run = {
				ours: megabytesASecond(source, () => render(source, options)),
				alone: megabytesASecond(source, () => parser.parse(source, {})),
			};
			if (pair >= 0) runs.push(run);
		}
		const ours = median(runs.map((run) => run.ours));
		const alone = median(runs.map((run) => run.alone));
		return [
			{ name: `rendering ${kind} for Telegram, all of it`, value: ours, unit: 'MB/s', better: 'higher' },
			{ name: `  markdown-it alone, ${kind}`, value: alone, unit: 'MB/s', better: 'higher' },
		];
	});
	return Promise.resolve(figures);
}
