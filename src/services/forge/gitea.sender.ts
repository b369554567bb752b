import { isRecord, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { forgeTells } from './events';
import { readHub } from './hub';

const on = {
	repository: {
		id: 1,
		full_name: 'alice/films',
		html_url: 'https://git.example.com/alice/films',
		clone_url: 'https://git.example.com/alice/films.git',
	},
	sender: { id: 2, login: 'alice', username: 'alice', avatar_url: 'https://git.example.com/avatars/2' },
};

/** Also Forgejo and Gogs: GitHub’s events, without GitHub’s ids. */
export const gitea = defineSender({
	id: 'gitea',
	name: 'Gitea / Forgejo',
	zh: 'Gitea / Forgejo',
	where: {
		en: 'Settings → Webhooks → Add webhook, and the key as authorization header',
		zh: '设置 → Web 钩子 → 添加，Authorization 填写密钥',
	},
	tells: [...forgeTells, 'system.test'],
	samples: {
		'issue.created': {
			action: 'opened',
			number: 12,
			issue: {
				number: 12,
				title: 'Crash at start',
				body: 'It stops at once.',
				html_url: 'https://git.example.com/alice/films/issues/12',
			},
			...on,
		},
		'task.failed': {
			action: 'completed',
			workflow_run: {
				name: 'ci.yaml',
				conclusion: 'failure',
				display_title: 'Read all reels',
				html_url: 'https://git.example.com/alice/films/actions/runs/1',
			},
			...on,
		},
		'system.updateAvailable': {
			action: 'published',
			release: {
				name: 'Second reel',
				tag_name: 'v2.0.0',
				body: 'Reads all reels.',
				html_url: 'https://git.example.com/alice/films/releases/v2.0.0',
			},
			...on,
		},
	},
	hint: /gitea|forgejo|gogs/i,

	recognise(body, { headers }) {
		if (!isRecord(body)) return 0;
		if (headers['x-gitea-event'] ?? headers['x-gogs-event'] ?? headers['x-forgejo-event']) return 1;
		const { full_name, node_id, clone_url, html_url } = record(body.repository);
		const { login, username } = record(body.sender ?? body.pusher);
		return text(full_name) && node_id === undefined && text(clone_url, html_url) && text(login, username) ? 0.9 : 0;
	},

	read: (body, context) => {
		const { headers } = context.request;
		const [event, delivery] = ['event', 'delivery'].map((name) =>
			text(...['gitea', 'forgejo', 'gogs'].map((kin) => headers[`x-${kin}-${name}`])),
		);
		return [readHub('gitea', body, event, delivery, context)];
	},
});
