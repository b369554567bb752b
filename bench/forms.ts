/** What the editor is sent, from `dist` as it is shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitions, root, runsIn } from '../scripts/definitions';
import type { Figure } from './paired';

const folder = join(root, 'dist/nodes-red');
const kb = 1024;

/** Of files whose name ends so, in bytes. */
const sizeOf = (path: string, ending: string) =>
	readdirSync(path)
		.filter((name) => name.endsWith(ending))
		.reduce((sum, name) => sum + readFileSync(join(path, name)).length, 0);

/** The library that all forms share is counted with them, and so are the texts that they share. */
export function formsBench(): Promise<Figure[]> {
	const nodes = definitions().filter((one) => runsIn(one, 'node-red')).length;
	const texts = readdirSync(join(folder, 'locales')).map((language) => ({
		language,
		bytes: sizeOf(join(folder, 'locales', language), ''),
	}));
	return Promise.resolve([
		{
			name: `forms in Node-RED’s editor, a node of ${nodes}`,
			value: sizeOf(folder, '.html') / nodes / kb,
			unit: 'KB',
			target: 6,
			better: 'lower',
		},
		...texts.map(({ language, bytes }) => ({
			name: `texts in Node-RED’s editor, a node, ${language}`,
			value: bytes / nodes / kb,
			unit: 'KB',
			target: 4,
			better: 'lower' as const,
		})),
	]);
}
