import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import { count, isRecord, present, readDated, record, some, text, year } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

const titles = /^Bazarr (?:test )?notification$/i;

/** In English, whatever language it is set to. */
const told =
	/^(.{1,200}) subtitles (downloaded|upgraded|manually downloaded|manually uploaded)(?: from (.{1,100}?) with a score of ([\d.]{1,8})%)?\.?$/i;

const sample = (message: string, title = 'Bazarr notification') => ({
	version: '1.0',
	title,
	message,
	attachments: [],
	type: 'info',
});

/** It speaks through Apprise alone: what it says is a line of its own making. */
export const bazarr = defineSender({
	id: 'bazarr',
	name: 'Bazarr',
	zh: 'Bazarr',
	where: {
		en: 'Settings → Notifications → JSON, as json://host/path?apiKey=KEY (jsons:// where it is HTTPS)',
		zh: '设置 → Notifications → JSON，填写 json://主机/路径?apiKey=密钥（HTTPS 用 jsons://）',
	},
	tells: ['subtitle.downloaded', 'subtitle.failed', 'system.test'],
	samples: {
		'subtitle.downloaded': sample(
			'The Long Reel (2020) - S01E02 - Cellars : English subtitles downloaded from nest with a score of 96.67%.',
		),
		'subtitle.failed': sample('Metropolis (1927) : English subtitles could not be synced.'),
		'system.test': sample('Test notification', 'Bazarr test notification'),
	},

	recognise: (body) =>
		isRecord(body) && titles.test(text(body.title) ?? '') && text(body.message, body.body) !== undefined ? 1 : 0,

	read(body, context) {
		const given = record(body);
		const line = text(given.message, given.body) ?? '';
		const at = line.lastIndexOf(' : ');
		const said = at < 0 ? line : line.slice(at + 3);
		const isTest = /test/i.test(text(given.title) ?? '');
		const type: EventType = isTest
			? 'system.test'
			: /\b(?:fail|error|unable|could not|cannot)/i.test(said)
				? 'subtitle.failed'
				: 'subtitle.downloaded';
		const [, language, action, provider, score] = told.exec(said) ?? [];
		const inChinese = context.language === 'zh' && language !== undefined;
		return [
			{
				event: present<MediaEvent>({
					source: 'bazarr',
					type,
					rawType: action?.toLowerCase() ?? (isTest ? 'test' : 'notification'),
					time: context.now,
					server: { name: 'Bazarr' },
					item: at < 0 ? undefined : itemOf(line.slice(0, at)),
					text: inChinese
						? `${language} 字幕${actions[action!.toLowerCase()]}${score === undefined ? '' : `，匹配度 ${score}%`}`
						: said,
					facts: some({ site: provider }),
					raw: body,
				}),
			},
		];
	},
});

const actions: Readonly<Record<string, string>> = {
	downloaded: '已下载',
	upgraded: '已升级',
	'manually downloaded': '已手动下载',
	'manually uploaded': '已手动上传',
};

/** `Series (2020) - S01E02 - Episode`, `Film (1927)`. */
function itemOf(name: string): MediaItem {
	const [numbers, season, episode] = / - S(\d{1,4})E(\d{1,4}) - /.exec(name) ?? [];
	const [series, title] =
		numbers === undefined
			? []
			: [name.slice(0, name.indexOf(numbers)), name.slice(name.indexOf(numbers) + numbers.length)];
	const { title: bare = series ?? name, year: dated } = readDated(series ?? name);
	return present<MediaItem>({
		kind: series === undefined ? 'movie' : 'episode',
		title: series === undefined ? bare : (text(title) ?? bare),
		series: series === undefined ? undefined : bare,
		season: count(season),
		episode: count(episode),
		// Of the series, where it is an episode.
		year: series === undefined ? year(dated) : undefined,
		ids: {},
	});
}
