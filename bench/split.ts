/** A body of 1 MB, split into Telegram's 4096: beside the parser alone, and beside a tenth of it. */
import MarkdownIt from 'markdown-it';

import { chars, render } from './carillon';
import { median, type Figure } from './paired';

/** One of everything, again and again: the costliest kind of text. */
const passage = `The **quick** brown fox jumps over the [lazy dog](https://example.com/a?b=c_d) & _more_ — 中文内容。

- item *one*
- item two, \`code_here\`, 1 < 2

> a quote

| a | b |
| - | - |
| 1 | 2 |

\`\`\`js
const x = 1;
\`\`\`

`;
const text = (size: number) => passage.repeat(Math.ceil(size / passage.length)).slice(0, size);

function timed(run: () => unknown): number {
	const started = performance.now();
	run();
	return performance.now() - started;
}

export function splitBench({ pairs }: { pairs: number }): Promise<Figure[]> {
	const whole = text(1_000_000);
	const tenth = text(100_000);
	const parser = new MarkdownIt({ html: true });
	const split = (source: string) =>
		render(source, { format: 'markdown', dialect: 'telegramHtml', limit: chars(4096), overflow: 'split' });
	const runs: { whole: number; tenth: number; parsed: number }[] = [];
	for (let pair = -2; pair < pairs; pair++) {
		const run = {
			whole: timed(() => split(whole)),
			tenth: timed(() => Array.from({ length: 10 }, () => split(tenth))),
			parsed: timed(() => parser.parse(whole, {})),
		};
		if (pair >= 0) runs.push(run);
	}
	return Promise.resolve([
		{
			name: 'splitting 1 MB of dense Markdown for Telegram',
			value: median(runs.map((run) => run.whole)),
			unit: 'ms',
			target: 1000,
			better: 'lower',
		},
		{
			name: 'splitting 1 MB ÷ splitting ten times 100 KB',
			value: median(runs.map((run) => run.whole / run.tenth)),
			unit: '×',
			target: 1.5,
			better: 'lower',
		},
		{
			name: 'splitting 1 MB ÷ parsing it with markdown-it alone',
			value: median(runs.map((run) => run.whole / run.parsed)),
			unit: '×',
			better: 'lower',
		},
	]);
}
