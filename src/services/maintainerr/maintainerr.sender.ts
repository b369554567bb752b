import { said } from '../../core/receive/said';
import type { EventType } from '../../core/message/event';
import type { Level } from '../../core/message/message';
import type { Text } from '../../core/base/language';
import { note } from '../../core/receive/note';
import { inWords } from '../../core/message/readable';
import { entry, isRecord, items, picture, present, record } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

interface Kind extends Text {
	type: EventType;
	level: Level;
}

const kinds: Readonly<Record<string, Kind>> = {
	MEDIA_ADDED_TO_COLLECTION: {
		type: 'watch.added',
		level: 'info',
		en: '📂 Added to a collection',
		zh: '📂 已加入清理集合',
	},
	MEDIA_REMOVED_FROM_COLLECTION: {
		type: 'watch.deleted',
		level: 'info',
		en: '📂 Removed from a collection',
		zh: '📂 已移出清理集合',
	},
	MEDIA_ABOUT_TO_BE_HANDLED: {
		type: 'system.notice',
		level: 'warning',
		en: '⏰ Will be handled soon',
		zh: '⏰ 即将处理',
	},
	MEDIA_HANDLED: { type: 'library.deleted', level: 'warning', en: '✅ Media handled', zh: '✅ 媒体已处理' },
	RULE_HANDLING_FAILED: { type: 'task.failed', level: 'failure', en: '⚠️ A rule failed', zh: '⚠️ 规则执行失败' },
	COLLECTION_HANDLING_FAILED: {
		type: 'task.failed',
		level: 'failure',
		en: '⚠️ A collection failed',
		zh: '⚠️ 集合处理失败',
	},
	OVERLAY_APPLIED: { type: 'library.updated', level: 'info', en: '🖼️ Overlay applied', zh: '🖼️ 已添加海报标记' },
	OVERLAY_REVERTED: { type: 'library.updated', level: 'info', en: '🖼️ Overlay reverted', zh: '🖼️ 已还原海报' },
	OVERLAY_HANDLER_FAILED: {
		type: 'task.failed',
		level: 'failure',
		en: '⚠️ Overlays failed',
		zh: '⚠️ 海报标记处理失败',
	},
};

const sample = (notification_type: string, subject: string, message: string) => ({
	notification_type,
	subject,
	message,
	image: '',
	extra: [],
});

/** Its template is Overseerr’s, with kinds of its own. */
export const maintainerr = defineSender({
	id: 'maintainerr',
	name: 'Maintainerr',
	zh: 'Maintainerr',
	where: { en: 'Settings → Notifications → Webhook', zh: '设置 → 通知 → Webhook' },
	tells: [...new Set(Object.values(kinds).map(({ type }) => type))],
	samples: {
		'system.notice': sample(
			'MEDIA_ABOUT_TO_BE_HANDLED',
			'Media About to be Handled',
			"⏰ Reminder: 'Metropolis' will be handled in 3 days.",
		),
		'watch.added': sample(
			'MEDIA_ADDED_TO_COLLECTION',
			'Media Added To Collection',
			"📂 'Metropolis' has been added to 'Seen'.",
		),
		'library.deleted': sample('MEDIA_HANDLED', 'Media Handled', "✅ 'Metropolis' has been handled by 'Seen'."),
		'task.failed': sample('RULE_HANDLING_FAILED', 'Rule Handling Failed', "⚠️ Failed to handle rules of 'Seen'."),
	},

	recognise: (body) =>
		isRecord(body) &&
		entry(kinds, said(body.notification_type) ?? '') &&
		(said(body.subject) ?? said(body.message)) !== undefined
			? 1
			: 0,

	read(body, context) {
		const given = record(body);
		const rawType = said(given.notification_type) ?? '';
		const kind = entry(kinds, rawType);
		const fields = items(given.extra)
			.map(record)
			.map(({ name, value }) => ({ name: said(name) ?? '', value: said(value) ?? '' }))
			.filter(({ value }) => value !== '');
		// Its subject is its name for the kind, in English.
		const subject = said(given.subject);
		const isOwn = subject === undefined || inWords(subject).toLowerCase() === inWords(rawType).toLowerCase();
		return [
			note(
				present({
					source: 'maintainerr',
					rawType,
					type: kind?.type ?? rawType.toLowerCase(),
					level: kind?.level ?? 'info',
					title:
						isOwn || context.language === 'zh' ? (kind?.[context.language] ?? inWords(rawType)) : subject,
					body: [isOwn || context.language === 'en' ? undefined : subject, said(given.message)]
						.filter(Boolean)
						.join('\n\n'),
					image: picture(given.image),
					...(fields.length > 0 && { fields }),
					raw: body,
				}),
				context,
			),
		];
	},
});
