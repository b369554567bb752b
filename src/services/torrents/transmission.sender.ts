import { entry, isRecord, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { torrentEvents, torrentReading } from './finished';

const script = (event: string) =>
	[
		'#!/bin/sh',
		'curl -fsS "https://HOST/PATH?apiKey=KEY" \\',
		`  --data-urlencode "transmission=${event}" \\`,
		...['NAME', 'DIR', 'LABELS', 'HASH', 'TRACKERS', 'BYTES_DOWNLOADED'].map(
			(name) => `  --data-urlencode "TR_TORRENT_${name}=$TR_TORRENT_${name}" \\`,
		),
		'  --data-urlencode "TR_APP_VERSION=$TR_APP_VERSION"',
	].join('\n');

const sample = (event: string) => ({
	transmission: event,
	TR_TORRENT_NAME: 'Metropolis.1927.1080p.BluRay.x264-REEL',
	TR_TORRENT_DIR: '/downloads/films',
	TR_TORRENT_LABELS: 'films',
	TR_TORRENT_HASH: '216e3ae7de4ca8b553eb11ef7abda00651e79e53',
	TR_TORRENT_TRACKERS: 'tracker.example.com',
	TR_TORRENT_BYTES_DOWNLOADED: '8589934592',
	TR_APP_VERSION: '4.0.6',
});

/** What it gives its scripts in their environment, by the same names. */
export const transmission = defineSender({
	id: 'transmission',
	name: 'Transmission',
	zh: 'Transmission',
	where: {
		en: 'settings.json: script-torrent-done-enabled true and script-torrent-done-filename with the path of the script below',
		zh: 'settings.json：script-torrent-done-enabled 设为 true，script-torrent-done-filename 填写下面脚本的路径',
	},
	paste: [
		{
			into: {
				en: 'script-torrent-done-filename, as a file that may be run',
				zh: 'script-torrent-done-filename 所指的可执行脚本',
			},
			as: 'sh',
			text: script('finished'),
		},
		{
			into: { en: 'script-torrent-added-filename, likewise', zh: 'script-torrent-added-filename 同样' },
			as: 'sh',
			text: script('added'),
		},
	],
	tells: torrentEvents,
	samples: {
		'download.grabbed': sample('added'),
		'download.imported': sample('finished'),
		'download.failed': sample('failed'),
		'file.deleted': sample('removed'),
	},
	hint: /transmission/i,

	recognise: (body) => (isRecord(body) && text(body.TR_TORRENT_NAME) !== undefined ? 1 : 0),

	read(body, context) {
		const given = record(body);
		const of = (name: string) => entry(given, `TR_TORRENT_${name}`);
		const tracker = text(of('TRACKERS'))?.split(',')[0] ?? '';
		return [
			torrentReading(
				{
					source: 'transmission',
					event: given.transmission ?? given.event,
					name: of('NAME'),
					category: of('LABELS'),
					folder: of('DIR'),
					size: of('BYTES_DOWNLOADED') ?? of('SIZE'),
					tracker: /^[\w.-]{1,253}$/.test(tracker) ? `https://${tracker}` : tracker,
					raw: body,
				},
				context,
			),
		];
	},
});
