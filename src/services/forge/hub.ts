import { said } from '../../core/receive/said';
import type { Context, Reading } from '../../core/define/sender';
import { entry, record, type Loose } from '../../core/receive/reading';
import { doneTo, issueTypes, outcome, pushed, tellForge, type Told } from './events';

/** Where no header tells: an event is known by the object that it is about, the first that is there. */
const objects = [
	'review',
	'comment',
	'pull_request',
	'issue',
	'release',
	'workflow_run',
	'workflow_job',
	'check_run',
	'check_suite',
	'deployment_status',
	'deployment',
	'discussion',
	'forkee',
	'alert',
];

export function eventOf(given: Loose, header: string | undefined): string {
	if (header) return header;
	if ('commits' in given && 'ref' in given) return 'push';
	if ('zen' in given) return 'ping';
	if ('review' in given) return 'pull_request_review';
	if ('comment' in given)
		return 'issue' in given
			? 'issue_comment'
			: 'pull_request' in given
				? 'pull_request_review_comment'
				: 'commit_comment';
	if ('starred_at' in given) return 'star';
	if ('ref_type' in given) return 'pusher_type' in given && !('master_branch' in given) ? 'delete' : 'create';
	return objects.find((name) => name in given) ?? 'repository';
}

/** GitHub’s events, which Gitea and its kin share. */
export function readHub(
	source: string,
	body: unknown,
	header: string | undefined,
	delivery: string | undefined,
	context: Context,
): Reading {
	const given = record(body);
	const event = eventOf(given, header);
	const action = said(given.action);
	const subject = record(entry(given as Record<string, unknown>, objects.find((name) => name in given) ?? ''));
	const about = record(given.issue ?? given.pull_request ?? given.discussion ?? {});
	const number = said(about.number, given.number);
	const base: Omit<Told, 'done'> = {
		source,
		rawType: [event, action].filter(Boolean).join('.'),
		who: said(record(given.sender).login, record(given.sender).username, record(given.pusher).name),
		repository: said(record(given.repository).full_name),
		url: said(
			subject.html_url,
			about.html_url,
			given.compare,
			given.compare_url,
			record(given.repository).html_url,
		),
		delivery,
		raw: body,
	};
	const tell = (told: Partial<Told> & Pick<Told, 'done'>) => tellForge({ ...base, ...told }, context);
	const heading = said([number && `#${number}`, said(about.title)].filter(Boolean).join(' '));
	if (event === 'push') return tell(pushed(given, context));
	if (event === 'ping')
		return tell({ type: 'system.test', done: doneTo('ping', undefined, context), body: said(given.zen) });
	if (event === 'issues' || event === 'issue')
		return tell({
			type: entry(issueTypes, action ?? ''),
			level: action === 'closed' ? 'success' : 'info',
			done: doneTo(event, action, context),
			about: heading,
			body: said(about.body),
		});
	if (event === 'pull_request') {
		const isMerged = action === 'closed' && (about.merged === true || said(about.merged_at) !== undefined);
		return tell({
			level: isMerged ? 'success' : 'info',
			done: doneTo(event, isMerged ? 'merged' : action, context),
			about: heading,
			body: said(about.body),
		});
	}
	if (/comment$/.test(event))
		return tell({
			type: event === 'issue_comment' ? 'issue.commented' : undefined,
			done: doneTo(event, action, context),
			about: heading,
			body: said(subject.body),
		});
	if (event.startsWith('pull_request_')) {
		const state = said(subject.state, subject.type)
			?.toLowerCase()
			.replace(/^pull_request_review_/, '');
		return tell({
			level: state === 'approved' ? 'success' : /change|reject/.test(state ?? '') ? 'warning' : 'info',
			done: doneTo('pull_request_review', state ?? action, context),
			about: heading,
			body: said(subject.body, subject.content),
		});
	}
	if (event === 'release')
		return tell({
			type: action === 'published' ? 'system.updateAvailable' : undefined,
			done: doneTo(event, action, context),
			about: said(subject.name, subject.tag_name),
			body: said(subject.body),
		});
	if (/^(?:workflow|check|deployment)/.test(event)) {
		const result = said(subject.conclusion, subject.state);
		return tell({
			...outcome(result),
			done: doneTo(event, result ?? action, context),
			about: said(subject.name, subject.environment),
			body: said(subject.display_title, subject.description, record(subject.output).title),
		});
	}
	const named = said(heading, subject.name, subject.title, subject.full_name, given.ref);
	return tell({
		done: doneTo(event, action, context),
		about: named,
		body: said(subject.body, subject.description, subject.summary),
	});
}
