import { knownBodies } from '../../laws/bodies';
import { receiveOne } from './receiving';

const ids = ['github', 'gitea', 'gitlab', 'ombi', 'maintainerr', 'diun', 'jellyfinWebhooks'];
const bodies = knownBodies(ids);

test.each<[string, string, object, string, string]>([
	[
		'github',
		'push',
		{ level: 'info', url: 'https://github.com/octo/public-repo/compare/a1...b2' },
		'[octo/public-repo] 1 commit to main',
		'6113728 Mend the reel (Octo)',
	],
	[
		'github',
		'issues.opened',
		{ type: 'issue.created' },
		'[octo/public-repo] Issue opened: #1 Spelling error in the README',
		'spelled it wrong',
	],
	[
		'github',
		'pull_request.closed',
		{ level: 'success' },
		'[octo/public-repo] Pull request merged: #2 Update the README',
		'By octo',
	],
	[
		'github',
		'issue_comment.created',
		{ type: 'issue.commented' },
		'[octo/public-repo] Comment created: #1 Spelling error',
		'You are right.',
	],
	[
		'github',
		'release.published',
		{ type: 'system.updateAvailable' },
		'[octo/public-repo] Release published: Spring',
		'faster',
	],
	[
		'github',
		'workflow_run.completed',
		{ type: 'task.failed', level: 'failure' },
		'[octo/public-repo] Workflow failed: CI',
		'Mend the reel',
	],
	['gitea', 'push', {}, '[gitea/webhooks] 1 commit to develop', 'Webhooks Yay!'],
	['gitea', 'issue', { type: 'issue.created' }, '[gitea/webhooks] Issue opened: #3 Crash', 'at start'],
	['gitlab', 'push', {}, '[gitlabhq/gitlab-test] 4 commits to master', '… +3'],
	[
		'gitlab',
		'issue',
		{ type: 'issue.created' },
		'[gitlabhq/gitlab-test] Issue opened: #23 New API: create/update/delete file',
		'Create new API',
	],
	[
		'gitlab',
		'merge_request',
		{ level: 'success' },
		'[gitlabhq/gitlab-test] Merge request merged: !1 MS-Viewport',
		'By Administrator',
	],
	['gitlab', 'note', { type: 'issue.commented' }, '[gitlabhq/gitlab-test] Comment created: test', 'Hello world'],
	[
		'gitlab',
		'pipeline',
		{ type: 'task.completed', level: 'success' },
		'[gitlabhq/gitlab-test] Pipeline succeeded: master',
		'test',
	],
	[
		'ombi',
		'new request',
		{ type: 'request.pending', image: { url: 'https://image.tmdb.org/t/p/w300/dune.jpg' } },
		'🙋 ann asks for Dune (2021)',
		'Spice.',
	],
	['maintainerr', 'about to be handled', { level: 'warning' }, '⏰ Will be handled soon', 'in 3 days'],
	[
		'diun',
		'new',
		{ type: 'system.updateAvailable', url: 'https://hub.docker.com/r/crazymax/diun' },
		'🆕 New image: docker.io/crazymax/diun:latest',
		'',
	],
	['jellyfinWebhooks', 'MarkPlayed', { type: 'item.played' }, '✅ ann marked Dune (2021) as watched', 'Spice.'],
])('%s: %s', (id, name, more, title, body) => {
	const { event, message } = receiveOne(bodies.find((one) => one.sender === id && one.name === name)!.value);
	expect(event.source).toBe(id);
	expect(message).toMatchObject({ title, ...more });
	expect(message.body).toContain(body);
});

test('a delivery told again is the same, and its header names the event', () => {
	const { value } = bodies.find(({ sender, name }) => sender === 'github' && name === 'issues.opened')!;
	const headers = { 'x-github-event': 'issues', 'x-github-delivery': 'd-1' };
	expect(receiveOne(value, { request: { headers } }).key).toBe('github:d-1');
	const tea = { 'x-github-event': 'issues', 'x-gitea-event': 'issues', 'x-gitea-delivery': 'd-2' };
	expect(receiveOne(value, { request: { headers: tea } }).key).toBe('gitea:d-2');
});

test('in Chinese', () => {
	const of = (id: string, name: string) =>
		receiveOne(bodies.find((one) => one.sender === id && one.name === name)!.value, { language: 'zh' }).message
			.title;
	expect(of('github', 'issues.opened')).toBe('[octo/public-repo] 议题已打开：#1 Spelling error in the README');
	expect(of('gitlab', 'pipeline')).toBe('[gitlabhq/gitlab-test] 流水线成功：master');
	expect(of('maintainerr', 'failed')).toBe('⚠️ 规则执行失败');
	expect(of('diun', 'new')).toBe('🆕 新镜像：docker.io/crazymax/diun:latest');
});
