import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Format } from '../../src/core/message/message';

/** A text as it stands somewhere in the world. */
export interface RealText {
	/** The file's name: `releases`, `logs` … */
	kind: string;
	/** Owner, repository and path; a package and its file; or the command whose output was recorded. */
	source: string;
	/** SPDX, as its package says. Absent where nobody wrote it: recorded output. */
	licence?: string;
	/** As a sender would give it. */
	format: Format;
	text: string;
}

const folder = join(__dirname, 'texts');

/** All texts, kind after kind. */
export const realTexts: readonly RealText[] = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.flatMap((file) => {
		const texts = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<RealText, 'kind'>[];
		return texts.map((text) => ({ kind: file.replace(/\.json$/, ''), ...text }));
	});
