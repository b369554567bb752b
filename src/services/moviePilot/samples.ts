import type { Samples } from '../../core/define/sender';

const film = {
	mediainfo: {
		type: '电影',
		title: '大都会',
		year: '1927',
		tmdb_id: 19,
		imdb_id: 'tt0017136',
		overview: '未来之城高楼林立，城主之子随一名女子走入地下，看见了劳动者的世界。',
		vote_average: 8.3,
		poster_path: 'https://images.example.com/metropolis.jpg',
	},
	meta: { type: '电影', name: '大都会', year: '1927', resource_pix: '1080p' },
};
const torrent_info = { title: 'Metropolis.1927.1080p.BluRay.x264-BELL', site_name: 'Nest' };
const bus = (type: string, data: object) => ({ type, data });
const ofServer = (event: string, more: object = {}) =>
	bus('webhook.message', {
		event,
		channel: 'emby',
		item_type: 'MOV',
		item_name: '大都会 (1927)',
		item_id: '11',
		tmdb_id: '19',
		overview: film.mediainfo.overview,
		user_name: '小明',
		device_name: 'Apple TV',
		client: 'Infuse',
		ip: '192.0.2.7',
		image_url: film.mediainfo.poster_path,
		...more,
	});

/** As its webhook plugin posts what its event bus tells; the titles that it knows are Chinese. */
export const moviePilotSamples: Samples = {
	'download.grabbed': bus('download.added', { ...film, torrent_info, downloader: 'qBittorrent', username: '小明' }),
	'download.failed': bus('transfer.failed', { ...film, transferinfo: { success: false, message: '磁盘空间不足' } }),
	'library.added': bus('transfer.complete', { ...film, transferinfo: { success: true, file_count: 1 } }),
	'watch.added': bus('subscribe.added', { subscribe_id: 1, username: '小明', ...film }),
	'watch.completed': bus('subscribe.complete', { subscribe_id: 1, ...film }),
	'file.deleted': bus('download.deleted', { ...film, torrent_info }),
	'subtitle.downloaded': bus('transfer.subtitle.complete', film),
	'playback.started': ofServer('playback.start', { percentage: 0 }),
	'playback.stopped': ofServer('playback.stop', { percentage: 50 }),
	'item.favorited': ofServer('item.rate', { item_favorite: true }),
	'user.loggedIn': ofServer('user.authenticated', { item_type: '', item_name: '' }),
	'plugin.updated': bus('plugin.reload', { plugin_id: 'AutoSignIn' }),
	'system.unhealthy': bus('system.error', { type: 'scheduler', title: '定时服务', error: '站点 Nest 无法连接' }),
	message: { mtype: '插件', title: '站点签到', text: 'Nest：签到成功', image: '', userid: '' },
};
