import { namesSecret } from '../../core/base/secretNames';
import { note } from '../../core/receive/note';
import { isRecord, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

/** QD's custom push: the user names the keys; the title tells that it is QD's. */
export const qd = defineSender({
	id: 'qd',
	name: 'QD',
	zh: 'QD 签到',
	samples: {
		'task.completed': { title: 'QD定时任务 Nest-alice 成功', content: '2026-01-02 20:30:00 \r\n日志：签到成功' },
		'task.failed': { title: 'QD定时任务 Nest-alice 失败', content: '2026-01-02 20:30:00 \r\n日志：Cookie 已失效' },
	},
	tells: ['task.failed', 'task.completed'],
	hint: /\bqd\b|qiandao/i,
	otherwise: 'custom',

	recognise(body) {
		const title = isRecord(body) ? titleOf(body) : undefined;
		// Other words that begin with its name count where the path names it, too.
		return isQd(title) ? 0.95 : /^QD[\s_-]/.test(title ?? '') ? 0.05 : 0;
	},

	read(body, context) {
		const title = titleOf(record(body));
		const others = Object.entries(record(body))
			.filter(([name]) => !namesSecret(name))
			.map(([, value]) => text(value))
			.filter((value) => value !== undefined && value !== title);
		const failed = /失败/.test(title ?? '');
		return [
			note(
				{
					source: 'qd',
					type: /成功|失败/.test(title ?? '') ? (failed ? 'task.failed' : 'task.completed') : 'message',
					rawType: 'push',
					level: failed ? 'failure' : 'success',
					origin: originIn(title),
					title,
					body: others.sort((a = '', b = '') => b.length - a.length)[0] ?? '',
					raw: body,
				},
				context,
			),
		];
	},
});

/** What a person starts in QD has no schedule in its title. */
const originIn = (title = '') =>
	/^QD定时任务/.test(title) ? 'automatic' : /^QD任务/.test(title) ? 'manual' : undefined;

const isQd = (title?: string) => /^QD(?:任务|定时任务|\[|：)/.test(title ?? '');

const titleOf = (body: Readonly<Record<string, unknown>>) => {
	for (const name in body) {
		const value = text(body[name]);
		if (isQd(value) && !namesSecret(name)) return value;
	}
	return text(body.title);
};
