import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesOf } from '../../../scripts/frozen-n8n';

/**
 * What workflows out there have stored. Nothing of it may go or change its name: an old workflow would lose what it
 * said. What is new is added by `node scripts/run.mjs scripts/frozen-n8n.ts`.
 */
const frozen = JSON.parse(readFileSync(join(__dirname, 'frozen.json'), 'utf8')) as string[];

test('every name that n8n has stored is still there', () => {
	const now = new Set(namesOf());
	expect(frozen.length).toBeGreaterThan(1_000);
	expect(frozen.filter((name) => !now.has(name))).toEqual([]);
});

test('the list of stored names is whole', () => {
	const known = new Set(frozen);
	expect(namesOf().filter((name) => !known.has(name))).toEqual([]);
});
