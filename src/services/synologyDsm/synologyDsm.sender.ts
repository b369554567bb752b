import type { EventType } from '../../core/message/event';
import type { Level } from '../../core/message/message';
import { levelOf } from '../../core/message/synonyms';
import { note } from '../../core/receive/note';
import { said } from '../../core/receive/said';
import { isRecord, present, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

interface Kind {
	words: RegExp;
	type: EventType;
	level: Level;
}

/** DSM says how grave it is in words alone, in the language that it is set to. The first that is found tells. */
const kinds: readonly Kind[] = [
	{
		words: /\b(?:this is a )?test (?:message|notification)\b|测试(?:消息|通知|信息)/i,
		type: 'system.test',
		level: 'info',
	},
	{
		words: /\b(?:restored|recovered|back to normal|is available again|repaired|healthy|reconnected)\b|已(?:恢复|修复)|恢复正常|状态良好/i,
		type: 'system.healthy',
		level: 'success',
	},
	{
		words: /\b(?:crashed|degraded|failed|failure|failing|unable to|critical|corrupt(?:ed)?|bad sectors?|abnormal(?:ly)?|lost|error|disconnected|improper shutdown)\b|损毁|降级|失败|异常|严重|坏扇区|错误|断开|断电/i,
		type: 'system.unhealthy',
		level: 'failure',
	},
	{
		words: /\b(?:new version|update (?:is )?available|DSM update|package updates?)\b|可用更新|新版本|有更新|可更新/i,
		type: 'system.updateAvailable',
		level: 'info',
	},
	{
		words: /\b(?:backup|task|scan|scrubbing)\b[^.]{0,120}\b(?:success(?:ful|fully)?|completed|finished)\b|(?:备份|任务|检查|清理)[^。]{0,60}(?:成功|完成)/i,
		type: 'task.completed',
		level: 'success',
	},
	{
		words: /\b(?:warning|running (?:out|low)|low (?:capacity|space|battery)|high temperature|exceed(?:s|ed)?|blocked|almost full)\b|警告|不足|过高|超过|即将|封锁/i,
		type: 'system.notice',
		level: 'warning',
	},
];

const template = '{"dsm": "@@PREFIX@@", "text": "@@TEXT@@"}';

const sample = (words: string) => ({ dsm: '[nas]', text: words });

/** Its webhooks send what their user writes, with two placeholders: the prefix and the text. */
export const synologyDsm = defineSender({
	id: 'synologyDsm',
	name: 'Synology DSM',
	zh: '群晖 DSM',
	where: {
		en: 'Control Panel → Notification → Webhooks → Add → Custom: POST, the header Content-Type: application/json, and the body below',
		zh: '控制面板 → 通知设置 → Webhooks → 新增 → 自定义：POST，请求头 Content-Type: application/json，正文如下',
	},
	paste: [{ into: { en: 'HTTP body', zh: 'HTTP 正文' }, as: 'json', text: template }],
	tells: [...new Set(kinds.map(({ type }) => type)), 'system.notice'],
	samples: {
		'system.unhealthy': sample('Volume 1 on nas has degraded.'),
		'system.healthy': sample('Volume 1 on nas was repaired and is healthy.'),
		'system.updateAvailable': sample('DSM update is available for nas.'),
		'task.completed': sample('Backup task “Films” on nas has finished successfully.'),
		'system.notice': sample('Volume 1 on nas is running low on space.'),
		'system.test': sample('This is a test message from nas.'),
	},
	hint: /synology|\bdsm\b/i,

	recognise(body) {
		if (!isRecord(body)) return 0;
		const names = Object.keys(body);
		if (text(body.dsm) !== undefined && text(body.text, body.message) !== undefined) return 1;
		// Its two placeholders under their own names, and nothing that is not of a template.
		const isOwn = 'prefix' in body && typeof body.text === 'string' && names.every((name) => own.has(name));
		return isOwn ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const words = said(given.text, given.message) ?? '';
		const prefix = said(given.dsm, given.prefix, given.hostname, given.host);
		const kind = kinds.find((one) => one.words.test(words));
		return [
			note(
				present({
					source: 'synologyDsm',
					quotes: true,
					type: kind?.type ?? 'system.notice',
					rawType: said(given.event, given.category) ?? 'message',
					level: levelOf(text(given.severity, given.level)) ?? kind?.level ?? 'info',
					title:
						said(given.title, given.subject) ??
						prefix?.replace(/^\[(.*)\]$/, '$1').split(' | ')[0] ??
						'Synology DSM',
					body: words,
					raw: body,
				}),
				context,
			),
		];
	},
});

const own: ReadonlySet<string> = new Set([
	...[
		'prefix',
		'text',
		'title',
		'subject',
		'host',
		'hostname',
		'severity',
		'level',
		'event',
		'category',
		'date',
		'time',
	],
]);
