import type { EventType, MediaEvent, MediaItem } from '../../../src/core/message/event';
import type { Language } from '../../../src/core/base/language';

/** Who and what the samples are about, in each language. */
const cast = {
	en: {
		user: { id: '7', name: 'Alice' },
		device: { name: 'Apple TV', client: 'Infuse', address: '192.0.2.7' },
		server: { id: 's1', name: 'Living room' },
		movie: {
			title: 'Metropolis',
			overview:
				'In a city of towers and cellars, the son of its master follows a woman down to those who work there.',
			genres: ['Drama', 'Science Fiction'],
			library: 'Films',
		},
		episode: {
			series: 'Severance',
			title: 'Who Is Alive?',
			overview: 'Mark looks for a trace of somebody whom he believed to be dead.',
			genres: ['Drama', 'Mystery'],
			library: 'Series',
		},
		programme: { title: 'The evening news', genres: ['News'], library: 'Live TV' },
		facts: {
			reason: 'Not enough space on the disk',
			issue: 'Subtitles',
			comment: 'They come two seconds late.',
			task: 'Scan the media library',
			plugin: 'Intro Skipper',
			monitor: 'Media server',
			status: 'No answer within 10 s',
		},
		text: 'The disk is 91 % full.',
	},
	zh: {
		user: { id: '7', name: '小明' },
		device: { name: 'Apple TV', client: 'Infuse', address: '192.0.2.7' },
		server: { id: 's1', name: '客厅' },
		movie: {
			title: '大都会',
			overview: '未来之城高楼林立，城主之子随一名女子走入地下，看见了劳动者的世界。',
			genres: ['剧情', '科幻'],
			library: '电影',
		},
		episode: {
			series: '人生切割术',
			title: '谁还活着？',
			overview: '马克追查一个他以为早已不在人世的人。',
			genres: ['剧情', '悬疑'],
			library: '剧集',
		},
		programme: { title: '晚间新闻', genres: ['新闻'], library: '电视直播' },
		facts: {
			reason: '磁盘空间不足',
			issue: '字幕',
			comment: '字幕慢了两秒。',
			task: '扫描媒体库',
			plugin: 'Intro Skipper',
			monitor: '媒体服务器',
			status: '10 秒内无响应',
		},
		text: '磁盘已使用 91%。',
	},
} as const;

/** An event of the type with all that its sentence may tell. What the sender itself said (`raw`) is empty. */
export function wholeEvent(type: EventType, language: Language): MediaEvent {
	const { user, device, server, movie, episode, programme, facts, text } = cast[language];
	const items: Record<'movie' | 'episode' | 'programme', MediaItem> = {
		movie: {
			...movie,
			genres: [...movie.genres],
			kind: 'movie',
			id: '11',
			year: 1927,
			runtime: 9_180,
			rating: 8.3,
			ids: { imdb: 'tt0017136', tmdb: '19' },
			path: '/media/films/Metropolis (1927)/Metropolis.mkv',
		},
		episode: {
			...episode,
			genres: [...episode.genres],
			kind: 'episode',
			id: '12',
			season: 2,
			episode: 3,
			year: 2025,
			runtime: 3_120,
			rating: 8.7,
			ids: { imdb: 'tt11280740', tmdb: '95396' },
			idsOf: 'series',
			path: '/media/series/Severance/Season 2/S02E03.mkv',
		},
		programme: { ...programme, genres: [...programme.genres], kind: 'other', id: '13', runtime: 900, ids: {} },
	};
	const { reason, issue, comment, task, plugin, monitor, status } = facts;
	const release = {
		release: 'Severance.S02E03.1080p.WEB.h264-BELL',
		quality: 'WEBDL-1080p',
		size: '2.1 GB',
		group: 'BELL',
		indexer: 'Nest',
		client: 'qBittorrent',
	};
	const isBad = /failed|attention|declined|deleted|partial|warning|firing|unhealthy|corrupted/i.test(type);
	const why = isBad ? { reason } : {};
	const own: Record<string, Partial<MediaEvent>> = {
		library: { source: 'jellyfin', item: items.movie },
		playback: {
			source: 'emby',
			user,
			device,
			item: items.episode,
			playback: { position: 1_560, percent: 50, paused: type === 'playback.paused', method: 'DirectPlay' },
		},
		item: { source: 'emby', user, item: items.movie, ...(type === 'item.rated' && { facts: { rating: '9' } }) },
		subtitle: { source: 'jellyfin', item: items.episode },
		user: { source: 'jellyfin', user, device },
		session: { source: 'jellyfin', user, device },
		device: { source: 'plex', user, device },
		livetv: { source: 'emby', item: items.programme },
		download: { source: 'sonarr', item: items.episode, facts: { ...release, ...why } },
		file: { source: 'sonarr', item: items.episode, facts: why },
		watch: { source: 'moviePilot', item: items.movie, user },
		request: { source: 'overseerr', item: items.movie, facts: { requestedBy: user.name, quality: '4K', ...why } },
		issue: { source: 'overseerr', item: items.movie, user, facts: { issue, comment } },
		task: { source: 'betterGI', facts: { task, ...why } },
		monitor: {
			source: 'uptimeKuma',
			facts: type === 'monitor.up' ? { monitor, ping: '12 ms' } : { monitor, status },
		},
		alert: { source: 'grafana', text, facts: { monitor, value: '91' } },
		plugin: { source: 'jellyfin', facts: { plugin, version: '1.10.0', ...why } },
		system: { source: 'jellyfin', facts: { version: '10.11.0' }, ...(isBad && { text }) },
		message: { source: 'custom', text },
	};
	return {
		source: 'custom',
		type,
		rawType: type,
		time: '2026-01-02T19:30:00.000Z',
		server,
		...own[type.split('.', 1)[0] as string],
		raw: {},
	};
}
