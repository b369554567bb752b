import { isRecord, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { forgeTells } from './events';
import { readHub } from './hub';

const on = {
	repository: { id: 1, node_id: 'R_1', full_name: 'alice/films', html_url: 'https://github.example.com/alice/films' },
	sender: { login: 'alice', id: 2, node_id: 'U_2' },
};

/** By its header, and where that is lost by ids that only its own objects have. */
export const github = defineSender({
	id: 'github',
	name: 'GitHub',
	zh: 'GitHub',
	where: {
		en: 'Settings → Webhooks → Add webhook, content type application/json, the key as signature secret',
		zh: 'Settings → Webhooks → Add webhook，类型选 application/json，Secret 填签名密钥',
	},
	tells: [...forgeTells, 'system.test'],
	samples: {
		'issue.created': {
			action: 'opened',
			issue: {
				number: 12,
				title: 'Crash at start',
				body: 'It stops at once.',
				html_url: 'https://github.example.com/alice/films/issues/12',
			},
			...on,
		},
		'system.updateAvailable': {
			action: 'published',
			release: {
				name: 'Second reel',
				tag_name: 'v2.0.0',
				body: 'Reads all reels.',
				html_url: 'https://github.example.com/alice/films/releases/v2.0.0',
			},
			...on,
		},
		'task.failed': {
			action: 'completed',
			workflow_run: {
				name: 'CI',
				conclusion: 'failure',
				display_title: 'Read all reels',
				html_url: 'https://github.example.com/alice/films/actions/runs/1',
			},
			...on,
		},
	},
	hint: /github/i,

	recognise(body, { headers }) {
		if (!isRecord(body)) return 0;
		if (headers['x-gitea-event'] ?? headers['x-gogs-event'] ?? headers['x-forgejo-event']) return 0;
		if (headers['x-github-event'] && (isRecord(body.sender) || isRecord(body.repository) || 'zen' in body))
			return 1;
		const isOwn = (value: unknown) => text(record(value).node_id) !== undefined;
		return isOwn(body.repository) ||
			(isOwn(body.sender) && isOwn(body.organization)) ||
			('zen' in body && 'hook_id' in body)
			? 0.95
			: 0;
	},

	read: (body, context) => {
		const { headers } = context.request;
		return [readHub('github', body, text(headers['x-github-event']), text(headers['x-github-delivery']), context)];
	},
});
