import { entry, isRecord, record, text, type Loose } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { isHash, torrentEvents, torrentReading } from './finished';

const hash = '216e3ae7de4ca8b553eb11ef7abda00651e79e53';

const command = (event: string) =>
	[
		'curl -fsS "https://HOST/PATH?apiKey=KEY"',
		`--data-urlencode "qbittorrent=${event}"`,
		'--data-urlencode "name=%N"',
		'--data-urlencode "category=%L"',
		'--data-urlencode "tags=%G"',
		'--data-urlencode "folder=%D"',
		'--data-urlencode "files=%C"',
		'--data-urlencode "size=%Z"',
		'--data-urlencode "tracker=%T"',
		'--data-urlencode "hash=%I"',
	].join(' ');

const sample = (event: string) => ({
	qbittorrent: event,
	name: 'Metropolis.1927.1080p.BluRay.x264-REEL',
	category: 'films',
	tags: '',
	folder: '/downloads/films',
	files: '2',
	size: '8589934592',
	tracker: 'https://tracker.example.com/announce',
	hash,
});

/** Its own placeholders: one without a value is empty, or `-` as a hash. */
export const qbittorrent = defineSender({
	id: 'qbittorrent',
	name: 'qBittorrent',
	zh: 'qBittorrent',
	where: {
		en: 'Options → Downloads → Run external program: the command below',
		zh: '选项 → 下载 → 运行外部程序：填写下面的命令',
	},
	paste: [
		{ into: { en: 'On torrent finished', zh: '下载完成时' }, as: 'sh', text: command('finished') },
		{ into: { en: 'On torrent added', zh: '新增种子时' }, as: 'sh', text: command('added') },
	],
	tells: torrentEvents,
	samples: {
		'download.grabbed': sample('added'),
		'download.imported': sample('finished'),
		'download.failed': sample('failed'),
		'file.deleted': sample('deleted'),
	},
	hint: /q-?bit(?:torrent)?|\bqbt\b/i,

	recognise(body) {
		if (!isRecord(body) || nameIn(body) === undefined) return 0;
		if (text(body.qbittorrent) !== undefined) return 1;
		// Of the scripts that people pass on, each has names of its own for these two.
		return hashes.some((name) => isHash(body[name])) ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const of = (...names: string[]) =>
			names.map((name) => entry(given, name)).find((value) => text(value) !== undefined);
		return [
			torrentReading(
				{
					source: 'qbittorrent',
					event: of('qbittorrent', 'event', 'action', 'status'),
					name: nameIn(given),
					category: of('category', 'label') ?? record(given.metadata).category,
					tags: of('tags', 'tag'),
					folder: of(
						'folder',
						'save_path',
						'savePath',
						'content_path',
						'contentPath',
						'root',
						'root_path',
						'path',
						'remote_path',
					),
					size: of('size', 'file_size', 'total_size', 'torrent_size'),
					files: of('files', 'file_count', 'number_of_files'),
					tracker: of('tracker', 'current_tracker'),
					raw: body,
				},
				context,
			),
		];
	},
});

const hashes = [
	'hash',
	'info_hash',
	'infohash',
	'infoHash',
	'infohash_v1',
	'info_hash_v1',
	'hash_v1',
	'torrent_hash',
	'torrentHash',
];
const nameIn = (body: Loose) => text(body.name, body.torrent_name, body.torrentName, body.torrent);
