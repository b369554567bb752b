import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import {
	collectIds,
	entry,
	isRecord,
	kindOf,
	picture,
	present,
	record,
	some,
	text,
	year,
} from '../../core/receive/reading';
import { inWords } from '../../core/message/readable';
import { defineSender } from '../../core/define/sender';

const types: Readonly<Record<string, EventType>> = {
	NewRequest: 'request.pending',
	PartiallyAvailable: 'request.available',
	RequestAvailable: 'request.available',
	RequestApproved: 'request.approved',
	RequestDeclined: 'request.declined',
	ItemAddedToFaultQueue: 'request.failed',
	Issue: 'issue.created',
	IssueResolved: 'issue.resolved',
	IssueComment: 'issue.commented',
	AdminNote: 'system.notice',
	WelcomeEmail: 'user.created',
	Newsletter: 'system.notice',
	Test: 'system.test',
};

const film = {
	requestId: '7',
	requestedUser: 'alice',
	title: 'Metropolis',
	requestedDate: '1/2/2026 7:30:00 PM',
	type: 'Movie',
	overview: 'In a city of towers and cellars …',
	year: '1927',
	posterImage: 'https://images.example.com/metropolis.jpg',
	applicationName: 'Ombi',
	applicationUrl: '',
	requestStatus: 'Pending Approval',
	providerId: '19',
};

/** Its body is a table of all its placeholders, empty where one does not apply; `notificationType` says what happened. */
export const ombi = defineSender({
	id: 'ombi',
	name: 'Ombi',
	zh: 'Ombi',
	where: { en: 'Settings → Notifications → Webhook', zh: '设置 → 通知 → Webhook' },
	tells: [...new Set(Object.values(types))],
	samples: {
		'request.pending': { ...film, notificationType: 'NewRequest' },
		'request.available': { ...film, requestStatus: 'Available', notificationType: 'RequestAvailable' },
		'issue.created': {
			...{ issueCategory: 'Subtitles', issueSubject: 'Out of step', issueDescription: 'Two seconds late.' },
			...{ issueStatus: 'Pending', title: 'Metropolis', userName: 'alice', notificationType: 'Issue' },
		},
		'user.created': { userName: 'bob', applicationName: 'Ombi', notificationType: 'WelcomeEmail' },
		'system.test': { applicationName: 'Ombi', requestedUser: 'alice', notificationType: 'Test' },
	},

	recognise(body) {
		if (!isRecord(body) || text(body.notificationType) === undefined) return 0;
		const own = [
			'requestedUser',
			'requestStatus',
			'providerId',
			'posterImage',
			'applicationName',
			'issueCategory',
			'requestId',
		];
		const has = own.filter((name) => name in body).length;
		if (entry(types, text(body.notificationType)!)) return has > 0 ? 1 : 0;
		// One of tomorrow, in the shape of the others.
		return has > 2 ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const rawType = text(given.notificationType) ?? '';
		const type = entry(types, rawType) ?? rawType.toLowerCase();
		const title = text(given.title);
		const poster = picture(given.posterImage);
		const isIssue = type.startsWith('issue.');
		const who = text(given.alias, given.requestedByAlias, given.requestedUser, given.userName);
		const event = present<MediaEvent>({
			source: 'ombi',
			type,
			rawType,
			time: context.now,
			server: some({ name: text(given.applicationName) }),
			user: some({ name: isIssue ? (text(given.issueUser) ?? who) : who }),
			item:
				title === undefined
					? undefined
					: present<MediaItem>({
							kind: kindOf(text(given.type)?.replace(/^tv ?show$/i, 'tv')),
							title,
							year: year(given.year),
							overview: isIssue ? undefined : text(given.overview),
							ids: collectIds({ tmdb: given.providerId }),
							poster: poster && 'url' in poster ? poster : undefined,
						}),
			text: text(
				[
					text(given.issueSubject),
					text(given.issueDescription),
					text(given.additionalInformation),
					text(given.message, given.body),
				]
					.filter(Boolean)
					.join('\n'),
			),
			facts: some({
				requestedBy: who,
				reason: text(given.denyReason, given.declineReason),
				issue: text(given.issueCategory),
				status: text(given.requestStatus, given.issueStatus),
				seasons: text(given.seasonsList),
				comment: text(given.newIssueComment),
			}),
			raw: body,
		});
		return [
			{
				event,
				...(!entry(types, rawType) && {
					message: { title: [inWords(rawType), title].filter(Boolean).join(': ') },
				}),
			},
		];
	},
});
