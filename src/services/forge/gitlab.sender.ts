import { said } from '../../core/receive/said';
import { entry, isRecord, record } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { doneTo, forgeTells, issueTypes, outcome, pushed, tellForge, type Told } from './events';

const on = {
	user: { name: 'Alice', username: 'alice' },
	project: { name: 'films', path_with_namespace: 'alice/films', web_url: 'https://gitlab.example.com/alice/films' },
};

/** `object_kind`, the project, and what it is about under `object_attributes`. */
export const gitlab = defineSender({
	id: 'gitlab',
	name: 'GitLab',
	zh: 'GitLab',
	where: { en: 'Settings → Webhooks, with ?apiKey= in the address', zh: '设置 → Webhooks，地址带 ?apiKey=' },
	tells: forgeTells,
	samples: {
		'issue.created': {
			object_kind: 'issue',
			object_attributes: {
				iid: 12,
				title: 'Crash at start',
				description: 'It stops at once.',
				action: 'open',
				url: 'https://gitlab.example.com/alice/films/-/issues/12',
			},
			...on,
		},
		'system.updateAvailable': {
			object_kind: 'release',
			action: 'create',
			name: 'Second reel',
			tag: 'v2.0.0',
			description: 'Reads all reels.',
			url: 'https://gitlab.example.com/alice/films/-/releases/v2.0.0',
			...on,
		},
		'task.failed': {
			object_kind: 'pipeline',
			object_attributes: {
				id: 31,
				ref: 'main',
				status: 'failed',
				duration: 63,
				url: 'https://gitlab.example.com/alice/films/-/pipelines/31',
			},
			...on,
		},
	},

	recognise: (body, { headers }) =>
		isRecord(body) &&
		said(body.object_kind) !== undefined &&
		(isRecord(body.project) ||
			'project_id' in body ||
			'project_name' in body ||
			headers['x-gitlab-event'] !== undefined)
			? 1
			: 0,

	read(body, context) {
		const given = record(body);
		const kind = said(given.object_kind) ?? '';
		const about = record(given.object_attributes);
		const action = said(about.action, given.action);
		const { headers } = context.request;
		const base: Omit<Told, 'done'> = {
			source: 'gitlab',
			rawType: [kind, action].filter(Boolean).join('.'),
			who: said(record(given.user).name, given.user_name, record(given.user).username, given.user_username),
			repository: said(record(given.project).path_with_namespace, given.project_name, record(given.project).name),
			url: said(about.url, given.url, record(given.project).web_url),
			delivery: said(headers['x-gitlab-event-uuid'], headers['idempotency-key']),
			raw: body,
		};
		const tell = (told: Partial<Told> & Pick<Told, 'done'>) => [tellForge({ ...base, ...told }, context)];
		const heading = said(
			[
				said(about.iid) && `${kind === 'merge_request' ? '!' : '#'}${said(about.iid)}`,
				said(about.title, about.name),
			]
				.filter(Boolean)
				.join(' '),
		);
		if (kind === 'push' || kind === 'tag_push') return tell(pushed(given, context));
		if (kind === 'issue' || kind === 'work_item')
			return tell({
				type: entry(issueTypes, action ?? ''),
				level: action === 'close' ? 'success' : 'info',
				done: doneTo('issue', action, context),
				about: heading,
				body: said(about.description),
			});
		if (kind === 'note') {
			const on_ = record(given.issue ?? given.merge_request ?? given.snippet);
			return tell({
				type: isRecord(given.issue) ? 'issue.commented' : undefined,
				done: doneTo('note', 'created', context),
				about: said(on_.title, record(given.commit).title),
				body: said(about.note),
			});
		}
		if (kind === 'pipeline' || kind === 'build' || kind === 'deployment') {
			const result = said(about.status, given.build_status, given.status);
			return tell({
				...outcome(result),
				done: doneTo(kind, result, context),
				about: said(about.name, given.build_name, about.ref, given.ref, given.environment),
				body: said(record(given.commit).title, record(given.commit).message, given.build_failure_reason),
			});
		}
		if (kind === 'release')
			return tell({
				type: action === 'create' ? 'system.updateAvailable' : undefined,
				done: doneTo(kind, action, context),
				about: said(given.name, given.tag),
				body: said(given.description),
			});
		return tell({
			level: action === 'merge' ? 'success' : 'info',
			done: doneTo(kind, action, context),
			about: heading,
			body: said(about.description, about.content, about.message),
		});
	},
});
