import type { Samples } from '../../core/define/sender';

const about = (notification_type: string, event: string, status: string) => ({
	notification_type,
	event,
	subject: 'Metropolis (1927)',
	message: 'In a city of towers and cellars, the son of its master follows a woman down to those who work there.',
	image: 'https://images.example.com/metropolis.jpg',
	media: { media_type: 'movie', tmdbId: '19', tvdbId: '', status, status4k: 'UNKNOWN' },
});
const request = {
	request: { request_id: '3', requestedBy_email: 'alice@example.com', requestedBy_username: 'Alice' },
	issue: null,
	comment: null,
	extra: [],
};
const issue = (issue_status: string) => ({
	message: 'The subtitles come two seconds late.',
	request: null,
	issue: {
		issue_id: '4',
		issue_type: 'SUBTITLES',
		issue_status,
		reportedBy_email: 'alice@example.com',
		reportedBy_username: 'Alice',
	},
	comment: null,
	extra: [],
});

/** By the template that it comes with. */
export const overseerrSamples: Samples = {
	'request.pending': { ...about('MEDIA_PENDING', 'New Movie Request', 'PENDING'), ...request },
	'request.approved': { ...about('MEDIA_APPROVED', 'Movie Request Approved', 'PROCESSING'), ...request },
	'request.available': { ...about('MEDIA_AVAILABLE', 'Movie Request Now Available', 'AVAILABLE'), ...request },
	'request.declined': { ...about('MEDIA_DECLINED', 'Movie Request Declined', 'PENDING'), ...request },
	'request.failed': { ...about('MEDIA_FAILED', 'Movie Request Failed', 'PENDING'), ...request },
	'issue.created': { ...about('ISSUE_CREATED', 'New Subtitle Issue Reported', 'AVAILABLE'), ...issue('OPEN') },
	'issue.commented': {
		...about('ISSUE_COMMENT', 'New Comment on Subtitle Issue', 'AVAILABLE'),
		...issue('OPEN'),
		comment: {
			comment_message: 'The same with the second episode.',
			commentedBy_email: 'bob@example.com',
			commentedBy_username: 'Bob',
		},
	},
	'issue.resolved': { ...about('ISSUE_RESOLVED', 'Subtitle Issue Resolved', 'AVAILABLE'), ...issue('RESOLVED') },
	'system.test': {
		...about('TEST_NOTIFICATION', '', ''),
		subject: 'Test Notification',
		message: 'Check check, 1, 2, 3. Are we coming in clear?',
		image: '',
		media: null,
		request: null,
		issue: null,
		comment: null,
	},
};
