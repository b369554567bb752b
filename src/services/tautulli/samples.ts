import type { Samples } from '../../core/define/sender';

const server = { server_name: 'Living room', server_machine_id: 'a1b2c3' };
const film = {
	media_type: 'movie',
	title: 'Metropolis',
	year: '1927',
	summary: 'In a city of towers and cellars, the son of its master follows a woman down to those who work there.',
	rating_key: '11',
	library_name: 'Films',
	duration: '153',
	imdb_id: 'tt0017136',
	themoviedb_id: '19',
};
const session = {
	...server,
	user: 'Alice',
	player: 'Apple TV',
	product: 'Plex for Apple TV',
	platform: 'tvOS',
	ip_address: '192.0.2.7',
};
const played = (action: string, progress_percent: string) => ({ action, ...session, ...film, progress_percent });

/** With the usual parameters in the template; all of them are texts. */
export const tautulliSamples: Samples = {
	'library.added': { action: 'created', ...server, ...film },
	'playback.started': played('play', '0'),
	'playback.paused': played('pause', '50'),
	'playback.resumed': played('resume', '50'),
	'playback.stopped': played('stop', '50'),
	'playback.finished': played('watched', '92'),
	'playback.failed': played('buffer', '50'),
	'playback.concurrent': played('concurrent', '0'),
	'device.added': { action: 'newdevice', ...session },
	'monitor.down': { action: 'extdown', ...server, remote_access_reason: 'No answer within 10 s' },
	'monitor.up': { action: 'extup', ...server },
	'system.updateAvailable': { action: 'pmsupdate', ...server, update_version: '1.42.1' },
	'system.corrupted': { action: 'plexpydbcorrupt', ...server },
};
