import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const versions = { pushoo: '0.1.12', 'push-all-in-one': '4.5.2' };

/** Installed for the bench and the cross-check alone, once, beside the hosts. */
export function peersFolder(): string {
	const cache =
		process.env.CARILLON_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'carillon');
	const folder = join(cache, `peers-${Object.values(versions).join('-')}`);
	if (existsSync(join(folder, 'node_modules'))) return folder;
	const building = `${folder}.${process.pid}`;
	mkdirSync(building, { recursive: true });
	writeFileSync(join(building, 'package.json'), JSON.stringify({ private: true, dependencies: versions }));
	execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: building,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	renameSync(building, folder);
	return folder;
}
