import { note } from '../../core/receive/note';
import { isRecord, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

/** Qinglong's custom notification: the user chooses how it is sent; usually `title` and `content`, as JSON, form, text or query. */
export const qinglong = defineSender({
	id: 'qinglong',
	name: 'Qinglong',
	zh: '青龙面板',
	where: {
		en: 'System settings → Notification settings → Custom notification, with the body “title: $title” and “content: $content”, a line each',
		zh: '系统设置 → 通知设置 → 自定义通知，请求体为 “title: $title” 与 “content: $content” 各一行',
	},
	// Its line breaks are two characters.
	samples: { message: { title: '每日签到', content: 'Nest：签到成功\\n连续签到 7 天' } },
	hint: /qinglong|\bql\b/i,
	otherwise: 'custom',

	recognise(body) {
		if (typeof body === 'string') return lines.test(body) ? 0.9 : 0;
		if (!isRecord(body) || !('title' in body) || !('content' in body)) return 0;
		if (!Object.keys(body).every((key) => key === 'title' || key === 'content')) return 0;
		if (Object.values(body).some((value) => typeof value === 'object' && value !== null)) return 0;
		// Its line breaks are two characters; its titles become numbers; an unencoded form loses its title.
		const { title, content } = body;
		return typeof title !== 'string' ||
			typeof content !== 'string' ||
			title === '' ||
			(content.includes('\\n') && !content.includes('\n'))
			? 0.6
			: 0.45;
	},

	read(body, context) {
		const [, fromTitle, fromContent] = (typeof body === 'string' && lines.exec(body)) || [];
		const { title, content } = record(body);
		const shown = (value: unknown) => (typeof value === 'boolean' ? String(value) : text(value));
		return [
			note(
				{
					source: 'qinglong',
					rawType: 'notify',
					title: fromTitle?.trim() ?? shown(title),
					body: fromContent ?? shown(content) ?? '',
					raw: body,
				},
				context,
			),
		];
	},
});

const lines = /^\s*title\s*[:：]([^\n]*)\n\s*content\s*[:：]([\s\S]*)$/;
