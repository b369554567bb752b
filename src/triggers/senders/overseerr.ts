import type { EventType, MediaEvent, MediaItem } from '../../core/event';
import type { Language, Text } from '../../core/language';
import {
	collectIds,
	entry,
	isRecord,
	items,
	kindOf,
	present,
	readDated,
	record,
	some,
	text,
	webUrl,
	year,
} from './reading';
import { defineSender } from './sender';

const types: Readonly<Record<string, EventType>> = {
	MEDIA_PENDING: 'request.pending',
	MEDIA_APPROVED: 'request.approved',
	MEDIA_AUTO_APPROVED: 'request.approved',
	MEDIA_AUTO_REQUESTED: 'request.pending',
	MEDIA_AVAILABLE: 'request.available',
	MEDIA_DECLINED: 'request.declined',
	MEDIA_FAILED: 'request.failed',
	ISSUE_CREATED: 'issue.created',
	ISSUE_COMMENT: 'issue.commented',
	ISSUE_RESOLVED: 'issue.resolved',
	ISSUE_REOPENED: 'issue.reopened',
	TEST_NOTIFICATION: 'system.test',
};

const problems: Readonly<Record<string, Text>> = {
	VIDEO: { en: 'video', zh: '视频' },
	AUDIO: { en: 'audio', zh: '音频' },
	SUBTITLES: { en: 'subtitles', zh: '字幕' },
	OTHER: { en: 'other', zh: '其他' },
};

const problemOf = (name: string | undefined, language: Language) =>
	name && (entry(problems, name.toUpperCase())?.[language] ?? name);

/** Also Jellyseerr and Seerr. The body is a template of the user's; groups that do not apply are `null`, `{}` or full of `""`. */
export const overseerr = defineSender({
	id: 'overseerr',
	name: 'Overseerr / Jellyseerr / Seerr',
	zh: 'Overseerr 系列（Jellyseerr、Seerr）',
	hint: /seerr/i,

	recognise: (body) =>
		isRecord(body) && text(body.notification_type)
			? entry(types, text(body.notification_type) ?? '') || 'subject' in body
				? 1
				: 0.5
			: 0,

	read(body, context) {
		const given = record(body);
		const [media, request, issue, comment] = [
			record(given.media),
			record(given.request),
			record(given.issue),
			record(given.comment),
		];
		const rawType = text(given.notification_type) ?? '';
		const type = entry(types, rawType) ?? rawType.toLowerCase();
		const requester = text(request.requestedBy_username, request.requestedBy_email);
		const reporter = text(issue.reportedBy_username, issue.reportedBy_email);
		const commenter = text(comment.commentedBy_username, comment.commentedBy_email);
		const extra = items(given.extra).map(record);
		const extraOf = (given: string) => text(extra.find(({ name }) => name === given)?.value);
		const [season, episode] = [extraOf('Affected Season'), extraOf('Affected Episode')];
		const affected = [season && `S${season.padStart(2, '0')}`, episode && `E${episode.padStart(2, '0')}`]
			.filter(Boolean)
			.join('');
		const isTest = type === 'system.test';
		// On requests the text is the film's overview; on issues what the reporter wrote.
		const said = text(given.message);
		return [
			{
				event: present<MediaEvent>({
					source: 'overseerr',
					type,
					rawType,
					time: context.now,
					user: some({ name: commenter ?? reporter ?? requester }),
					item: isTest ? undefined : readItem(),
					text: rawType.startsWith('MEDIA_') ? undefined : said,
					facts: some({
						requestedBy: requester,
						issue: text(
							[problemOf(text(issue.issue_type), context.language), affected].filter(Boolean).join(', '),
						),
						comment: text(comment.comment_message),
						seasons: text(extraOf('Requested Seasons')),
					}),
					raw: body,
				}),
			},
		];

		function readItem(): MediaItem | undefined {
			const subject = text(given.subject);
			if (!subject) return undefined;
			const { title = subject, year: dated } = readDated(subject);
			const image = webUrl(given.image);
			return present<MediaItem>({
				kind: kindOf(media.media_type),
				title,
				year: year(dated),
				overview: rawType.startsWith('MEDIA_') ? said : undefined,
				ids: collectIds(media),
				// Without a poster the template ends in "…null".
				poster: image && !/null$/.test(image) ? { url: image } : undefined,
			});
		}
	},
});
