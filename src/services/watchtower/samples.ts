import type { Samples } from '../../core/define/sender';

const web = {
	id: 'c1',
	name: '/web',
	currentImageId: 'a1b2c3',
	latestImageId: 'd4e5f6',
	imageName: 'nginx:latest',
	state: 'Updated',
};
const db = {
	id: 'c2',
	name: '/db',
	currentImageId: 'b7',
	latestImageId: 'b7',
	imageName: 'postgres:17',
	state: 'Failed',
	error: 'pull access denied',
};
const none = { updated: [], failed: [], skipped: [], stale: [], fresh: [] };
const log = (level: string, message: string) => ({ level, message, data: {}, time: '2026-01-02T19:30:00Z' });
const on = { title: 'Watchtower updates on nas', host: 'nas' };

/** By its template `json.v1`. */
export const watchtowerSamples: Samples = {
	'system.updated': {
		...on,
		report: { ...none, scanned: [web], updated: [web] },
		entries: [log('info', 'Session done')],
	},
	'task.failed': {
		...on,
		report: { ...none, scanned: [web, db], updated: [web], failed: [db] },
		entries: [log('warning', 'Unable to update container /db')],
	},
};
