import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import { withoutKeys } from '../../core/message/readable';
import { isRecord, present, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

const sample = (title: string, body: string) => ({ urls: ['apprise://carillon'], title, body });

interface Told {
	type: EventType;
	rawType: string;
	item?: MediaItem;
	text?: string;
}

/** What each event says where nobody changed its template, which is English. */
function toldBy(title: string, body: string): Told | undefined {
	const [, podcast] = /^New (.{1,300}) Episode!$/.exec(title) ?? [];
	const [, episode, library] = /^([^]{1,500}) has been added to (.{1,200}) library\.$/.exec(body) ?? [];
	if (podcast !== undefined && episode !== undefined)
		return {
			type: 'library.added',
			rawType: 'onPodcastEpisodeDownloaded',
			item: present<MediaItem>({ kind: 'episode', title: episode, series: podcast, library, ids: {} }),
		};
	if (title === 'Backup Completed' && /^Backup has been completed/.test(body))
		return { type: 'system.backup', rawType: 'onBackupCompleted', text: body.replace(/^[^\n]*\n+/, '') };
	if (title === 'Backup Failed' && /\bABS logs\b/.test(body))
		return {
			type: 'task.failed',
			rawType: 'onBackupFailed',
			text: body.replace(/^[^\n]*\n+(?:Error message: )?/, ''),
		};
	if (/^RSS Feed (?:Request Failed|.*Disabled)/i.test(title) && /RSS feed|auto-download/i.test(body))
		return {
			type: 'task.failed',
			rawType: /disabled/i.test(title) ? 'onRSSFeedDisabled' : 'onRSSFeedFailed',
			text: body,
		};
	const [, updated] = /^Item Updated: (.{1,300})$/.exec(title) ?? [];
	if (updated !== undefined && /Library ID: /.test(body))
		return {
			type: 'library.updated',
			rawType: 'onItemUpdated',
			item: present<MediaItem>({ kind: 'book', title: updated, ids: {} }),
		};
	if (/^Test Notification on Abs\b/i.test(title)) return { type: 'system.test', rawType: 'onTest', text: body };
	return undefined;
}

/** It calls an Apprise API, with a title and a text of templates, and the addresses that Apprise shall ring. */
export const audiobookshelf = defineSender({
	id: 'audiobookshelf',
	name: 'Audiobookshelf',
	zh: 'Audiobookshelf',
	where: {
		en: 'Settings → Notifications → Apprise API URL: the address, then /notify/KEY; any Apprise URL in each notification (apprise://carillon); titles and texts as they are',
		zh: '设置 → 通知 → Apprise API URL：本地址加 /notify/密钥；每条通知的 Apprise URL 随意填写（apprise://carillon）；标题与正文保持默认',
	},
	tells: ['library.added', 'library.updated', 'system.backup', 'task.failed', 'system.test'],
	samples: {
		'library.added': sample('New Night Reels Episode!', 'Of Cellars has been added to Podcasts library.'),
		'library.updated': sample(
			'Item Updated: Metropolis',
			'Item Metropolis has been updated.\n\nPath: /audiobooks/Metropolis\nSize: 987654 bytes\nLast Scan: 2026-01-02\nLibrary ID: l1\nLibrary Folder ID: f1',
		),
		'system.backup': sample(
			'Backup Completed',
			'Backup has been completed successfully.\n\nPath: /metadata/backups/2026-01-02T0130.audiobookshelf\nSize: 1289748 bytes\nCount: 2\nRemoved Oldest: false',
		),
		'task.failed': sample(
			'Backup Failed',
			'Backup failed, check ABS logs for more information.\nError message: No space left on device',
		),
		'system.test': sample('Test Notification on Abs v2.30.0', 'Test notificataion body for abs v2.30.0.'),
	},
	hint: /audiobookshelf/i,

	recognise: (body) =>
		isRecord(body) &&
		typeof body.title === 'string' &&
		typeof body.body === 'string' &&
		(Array.isArray(body.urls) || typeof body.urls === 'string' || Object.keys(body).length === 2) &&
		toldBy(body.title.trim(), body.body.trim())
			? 1
			: 0,

	read(body, context) {
		const given = record(body);
		const {
			type,
			rawType,
			item,
			text: said,
		} = toldBy(text(given.title) ?? '', text(given.body) ?? '') ?? {
			type: 'message',
			rawType: 'message',
			text: text(given.body),
		};
		return [
			{
				event: present<MediaEvent>({
					source: 'audiobookshelf',
					type,
					rawType,
					time: context.now,
					server: { name: 'Audiobookshelf' },
					item,
					text: said && withoutKeys(said),
					...(type === 'task.failed' && {
						facts: { task: rawType === 'onBackupFailed' ? backup[context.language] : 'RSS' },
					}),
					raw: body,
				}),
			},
		];
	},
});

const backup = { en: 'Backup', zh: '备份' };
