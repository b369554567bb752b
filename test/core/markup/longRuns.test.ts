import { fc, runs as often } from '../../property';
import { bytes, chars, utf16 } from '../../../src/core/base/limit';
import { cutLine, dialects, escapeMarkdown, render } from '../../../src/core/markup';
import { holds, longRun } from '../../longRun';
import { quickly } from '../../work';

const runs = often(30, 10_000);

test(
	`no text holds the process up, however long its runs are (${runs} runs)`,
	() => {
		holds(
			fc.property(
				longRun,
				fc.constantFrom(...dialects),
				fc.constantFrom('markdown', 'markdown', 'html', 'text'),
				fc.constantFrom(chars(1_500), bytes(2_048), utf16(4_096), bytes(10_000_000)),
				fc.constantFrom('split', 'cut'),
				(source, dialect, format, limit, overflow) => {
					quickly(() => render(source, { format, dialect, limit, overflow }));
					quickly(() => cutLine(source, limit));
					if (format === 'text') quickly(() => escapeMarkdown(source));
				},
			),
			runs,
		);
	},
	60_000 + runs * 5_000,
);
