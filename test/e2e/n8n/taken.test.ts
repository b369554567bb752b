import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import taken from '../../hosts/n8n/taken.json';
import { n8nFolder } from './n8n';

/** The list by which the quick tests know the names that n8n's own nodes and credentials have. */
test('the list of names that n8n takes is that of the n8n we run in (CARILLON_WRITE=1 writes it)', () => {
	const modules = join(n8nFolder(), 'node_modules');
	const read = <T>(...path: string[]) => JSON.parse(readFileSync(join(modules, ...path), 'utf8')) as T;
	const types = <T>(file: string) => read<T[]>('n8n-nodes-base', 'dist', 'types', file);
	const now = {
		n8n: read<{ version: string }>('n8n', 'package.json').version,
		nodes: [...new Set(types<{ displayName: string }>('nodes.json').map(({ displayName }) => displayName))].sort(),
		credentials: [...new Set(types<{ name: string }>('credentials.json').map(({ name }) => name))].sort(),
	};
	if (process.env.CARILLON_WRITE === '1') {
		const file = join(__dirname, '../../hosts/n8n/taken.json');
		writeFileSync(file, `${JSON.stringify(now, undefined, '\t')}\n`);
	}
	expect(taken).toEqual(now);
});
