import { isEventType, type EventType, type MediaEvent, type MediaItem } from '../../core/message/event';
import { inWords, isNothing } from '../../core/message/readable';
import type { Language, Text } from '../../core/base/language';
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
	type Loose,
} from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { overseerrSamples } from './samples';

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
	name && (entry(problems, name.toUpperCase())?.[language] ?? inWords(name).toLowerCase());

/** `Movie Request Now Available`, not `media.available`. */
const isSentence = (event: string | undefined) => event !== undefined && !isNothing(event) && /^\S+ .*\S$/.test(event);

/** What a request's state becomes by what happened to it. */
const expected: Readonly<Record<string, RegExp>> = {
	MEDIA_PENDING: /^PENDING$/,
	MEDIA_AUTO_REQUESTED: /^PENDING$/,
	MEDIA_APPROVED: /^PROCESSING$/,
	MEDIA_AUTO_APPROVED: /^PROCESSING$/,
	MEDIA_AVAILABLE: /AVAILABLE$/,
};

/** The event's sentence says so; a template without it tells the state of both versions. */
function isIn4K(rawType: string, event: string | undefined, { status, status4k }: Loose): boolean {
	if (isSentence(event)) return /\b4K\b/i.test(event ?? '');
	const state = entry(expected, rawType);
	return state !== undefined && state.test(text(status4k) ?? '') && !state.test(text(status) ?? '');
}

/** Also Jellyseerr and Seerr. The body is a template of the user's; groups that do not apply are `null`, `{}` or full of `""`. */
export const overseerr = defineSender({
	id: 'overseerr',
	name: 'Overseerr / Jellyseerr / Seerr',
	zh: 'Overseerr 系列（Jellyseerr、Seerr）',
	where: { en: 'Settings → Notifications → Webhook', zh: '设置 → 通知 → Webhook' },
	samples: overseerrSamples,
	tells: [...Object.values(types)],
	hint: /seerr/i,

	recognise(body) {
		const type = isRecord(body) ? (text(body.notification_type) ?? '') : '';
		if (!isRecord(body) || type === '') return 0;
		if (entry(types, type)) return 1;
		const isWhole = 'subject' in body && ['media', 'request', 'issue', 'extra'].some((key) => key in body);
		// One of tomorrow: others write names of this kind too, but not with these groups beside them.
		if (/^[A-Z]+(?:_[A-Z]+)+$/.test(type)) return isWhole ? 0.9 : 0.05;
		return isWhole ? 0.05 : 0;
	},

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
						quality:
							rawType.startsWith('MEDIA_') && isIn4K(rawType, text(given.event), media)
								? '4K'
								: undefined,
					}),
					raw: body,
				}),
				// What it says of an event that is not known here is better than its name.
				...(!isEventType(type) && isSentence(text(given.event)) && { message: { title: text(given.event) } }),
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
