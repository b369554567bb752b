import { said } from '../../core/receive/said';
import { shownLink } from '../../core/base/shownLink';
import type { EventType } from '../../core/message/event';
import type { Level } from '../../core/message/message';
import type { Context, Reading } from '../../core/define/sender';
import { inWords } from '../../core/message/readable';
import { note } from '../../core/receive/note';
import { items, present, record, some, type Loose } from '../../core/receive/reading';

/** What a forge tells, in the same words whoever it is. */
export interface Told {
	source: string;
	rawType: string;
	type?: EventType;
	level?: Level;
	who?: string;
	repository?: string;
	/** What was done, to what: `Issue opened`, `#12 Crash at start`. */
	done: string;
	about?: string;
	body?: string;
	url?: unknown;
	/** Of the delivery: told again it has the same one. */
	delivery?: string;
	raw: unknown;
}

export function tellForge(told: Told, context: Context): Reading {
	const { source, rawType, who, repository, done, about, body, url, delivery, raw } = told;
	const colon = context.language === 'zh' ? '：' : ': ';
	const reading = note(
		present({
			source,
			rawType,
			type: told.type ?? rawType,
			level: told.level ?? ('info' as const),
			title: `${repository ? `[${repository}] ` : ''}${done}${about ? `${colon}${about}` : ''}`,
			body: [who && (context.language === 'zh' ? `操作者：${who}` : `By ${who}`), body]
				.filter(Boolean)
				.join('\n\n'),
			url: shownLink(url),
			verbatim: true,
			raw,
		}),
		context,
	);
	return {
		...reading,
		event: present({ ...reading.event, user: some({ name: who }) }),
		...(delivery && { key: `${source}:${delivery}` }),
	};
}

/** `opened`, in both languages; what is not known here keeps its name. */
const actions: Readonly<Record<string, readonly [en: string, zh: string]>> = {
	opened: ['opened', '已打开'],
	open: ['opened', '已打开'],
	closed: ['closed', '已关闭'],
	close: ['closed', '已关闭'],
	reopened: ['reopened', '重新打开'],
	reopen: ['reopened', '重新打开'],
	merged: ['merged', '已合并'],
	merge: ['merged', '已合并'],
	created: ['created', '已创建'],
	create: ['created', '已创建'],
	edited: ['edited', '已编辑'],
	deleted: ['deleted', '已删除'],
	delete: ['deleted', '已删除'],
	update: ['updated', '已更新'],
	updated: ['updated', '已更新'],
	published: ['published', '已发布'],
	released: ['released', '已发布'],
	assigned: ['assigned', '已指派'],
	unassigned: ['unassigned', '已取消指派'],
	labeled: ['labelled', '已加标签'],
	unlabeled: ['unlabelled', '已移除标签'],
	synchronize: ['updated', '有新提交'],
	synchronized: ['updated', '有新提交'],
	submitted: ['submitted', '已提交'],
	approved: ['approved', '已通过'],
	changes_requested: ['asks for changes', '要求修改'],
	commented: ['commented', '已评论'],
	completed: ['completed', '已完成'],
	success: ['succeeded', '成功'],
	failure: ['failed', '失败'],
	failed: ['failed', '失败'],
	cancelled: ['cancelled', '已取消'],
	canceled: ['cancelled', '已取消'],
	timed_out: ['timed out', '超时'],
	running: ['is running', '运行中'],
	started: ['starred', '已加星标'],
	review_requested: ['asks for a review', '请求评审'],
	requested: ['requested', '已请求'],
	in_progress: ['in progress', '进行中'],
	queued: ['queued', '排队中'],
	pending: ['pending', '等待中'],
	skipped: ['skipped', '已跳过'],
};
const things: Readonly<Record<string, readonly [en: string, zh: string]>> = {
	issue: ['Issue', '议题'],
	issues: ['Issue', '议题'],
	pull_request: ['Pull request', '合并请求'],
	merge_request: ['Merge request', '合并请求'],
	release: ['Release', '版本'],
	issue_comment: ['Comment', '评论'],
	note: ['Comment', '评论'],
	comment: ['Comment', '评论'],
	pull_request_review: ['Review', '评审'],
	pull_request_review_comment: ['Review comment', '评审评论'],
	commit_comment: ['Comment', '评论'],
	workflow_run: ['Workflow', '工作流'],
	workflow_job: ['Job', '任务'],
	check_run: ['Check', '检查'],
	check_suite: ['Checks', '检查'],
	pipeline: ['Pipeline', '流水线'],
	build: ['Job', '任务'],
	star: ['Star', '星标'],
	fork: ['Fork', '派生'],
	ping: ['Webhook', 'Webhook'],
	create: ['Ref', '引用'],
	delete: ['Ref', '引用'],
	repository: ['Repository', '仓库'],
	discussion: ['Discussion', '讨论'],
	wiki_page: ['Wiki page', 'Wiki 页面'],
	deployment: ['Deployment', '部署'],
	deployment_status: ['Deployment', '部署'],
};

const words = (table: typeof actions, name: string, { language }: Context) =>
	Object.hasOwn(table, name) ? table[name]![language === 'zh' ? 1 : 0] : inWords(name);

/** `Issue opened`. */
export function doneTo(thing: string, action: string | undefined, context: Context): string {
	const noun = words(things, thing, context);
	const verb =
		action && (Object.hasOwn(actions, action) ? words(actions, action, context) : inWords(action).toLowerCase());
	return [noun, verb].filter(Boolean).join(context.language === 'zh' ? '' : ' ');
}

/** How an action on an issue is called here. */
export const issueTypes: Readonly<Record<string, EventType>> = {
	opened: 'issue.created',
	open: 'issue.created',
	closed: 'issue.resolved',
	close: 'issue.resolved',
	reopened: 'issue.reopened',
	reopen: 'issue.reopened',
};

/** What every forge can tell, beside pushes and what has no common name. */
export const forgeTells: readonly EventType[] = [
	...new Set(Object.values(issueTypes)),
	'issue.commented',
	'task.completed',
	'task.failed',
	'task.cancelled',
	'system.updateAvailable',
];

/** How a run came out: how grave it is, and what it is called here. */
export function outcome(result: string | undefined): { type?: EventType; level: Level } {
	if (/^success/.test(result ?? '')) return { type: 'task.completed', level: 'success' };
	if (/^(?:fail|timed_out|error|startup_failure)/.test(result ?? ''))
		return { type: 'task.failed', level: 'failure' };
	if (/^cancel/.test(result ?? '')) return { type: 'task.cancelled', level: 'warning' };
	return { level: 'info' };
}

const mostCommits = 10;

/** `2 commits to main`, and the first line of each. */
export function pushed(body: Loose, context: Context): Pick<Told, 'done' | 'body' | 'level'> {
	const commits = items(body.commits).map(record);
	const ref = said(body.ref)?.replace(/^refs\/(?:heads|tags)\//, '') ?? '';
	const count = Number(body.total_commits ?? body.total_commits_count) || commits.length;
	const zh = context.language === 'zh';
	const isGone = /^0+$/.test(said(body.after) ?? '-') || body.deleted === true;
	const isTag = said(body.ref)?.startsWith('refs/tags/') === true;
	const done = isGone
		? zh
			? `已删除 ${ref}`
			: `${ref} deleted`
		: isTag
			? zh
				? `新标签 ${ref}`
				: `New tag ${ref}`
			: zh
				? `向 ${ref} 推送了 ${count} 个提交`
				: `${count} ${count === 1 ? 'commit' : 'commits'} to ${ref}`;
	const lines = commits.slice(0, mostCommits).map(({ id, message, author }) => {
		const [first = ''] = (said(message) ?? '').split('\n');
		const by = said(record(author).name, record(author).username);
		return `${(said(id) ?? '').slice(0, 7)} ${first}${by ? ` (${by})` : ''}`.trim();
	});
	const more = count > lines.length && lines.length > 0 ? [`… +${count - lines.length}`] : [];
	return { done, body: [...lines, ...more].join('\n'), ...(isGone && { level: 'warning' as const }) };
}
