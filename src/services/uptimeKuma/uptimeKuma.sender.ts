import type { EventType } from '../../core/message/event';
import { note } from '../../core/receive/note';
import { entry, isRecord, isoTime, number, present, record, text } from '../../core/receive/reading';
import { shownLink } from '../../core/base/shownLink';
import { defineSender } from '../../core/define/sender';
import { uptimeKumaSamples } from './samples';

/** DOWN, UP, PENDING, MAINTENANCE */
const types: Readonly<Record<string, EventType>> = {
	'0': 'monitor.down',
	'1': 'monitor.up',
	'2': 'monitor.warning',
	'3': 'monitor.warning',
};
const levels = { 'monitor.down': 'failure', 'monitor.up': 'success' } as const;

const words = {
	en: {
		'monitor.down': '🔴 {name} is down',
		'monitor.up': '🟢 {name} is up again',
		'monitor.warning': '🟡 {name} needs attention',
		'system.test': 'Uptime Kuma: test',
	},
	zh: {
		'monitor.down': '🔴 {name} 已离线',
		'monitor.up': '🟢 {name} 已恢复',
		'monitor.warning': '🟡 {name} 需要关注',
		'system.test': 'Uptime Kuma：测试',
	},
} as const;

/**
 * `{heartbeat, monitor, msg}`; both are null in its test and for certificate warnings. By GET each is a value of the
 * query, the first two as JSON, and what is null is missing.
 */
export const uptimeKuma = defineSender({
	id: 'uptimeKuma',
	name: 'Uptime Kuma',
	zh: 'Uptime Kuma',
	where: { en: 'Settings → Notifications → Webhook', zh: '设置 → 通知 → Webhook' },
	samples: uptimeKumaSamples,
	tells: [...Object.values(types), 'system.test'],
	hint: /uptime-?kuma/i,

	recognise(body, { method }) {
		if (!isRecord(body) || typeof body.msg !== 'string') return 0;
		const isGet = method === 'GET';
		if (!isGet && !('heartbeat' in body && 'monitor' in body)) return 0;
		const beat = opened(body.heartbeat);
		const monitor = opened(body.monitor);
		if (isRecord(beat) && isRecord(monitor)) return 'status' in beat || 'monitorID' in beat ? 1 : 0;
		if ((beat ?? undefined) !== undefined || ((monitor ?? undefined) !== undefined && !isRecord(monitor))) return 0;
		// A test has nothing but its words.
		return isGet ? 0.05 : Object.keys(body).length === 3 ? 1 : 0;
	},

	read(body, context) {
		const { heartbeat, monitor, msg } = record(body);
		const beat = record(opened(heartbeat));
		const watched = record(opened(monitor));
		const known = entry(types, text(beat.status) ?? '');
		const said = text(msg) ?? '';
		const type = known ?? (/test/i.test(said) ? 'system.test' : 'monitor.warning');
		// A warning of a certificate begins with `[name][address]`.
		const name = text(watched.name, /^\[([^\]]{1,100})\]/.exec(said)?.[1]) ?? 'Uptime Kuma';
		const reading = note(
			{
				source: 'uptimeKuma',
				quotes: true,
				type,
				rawType: known ? `heartbeat.${text(beat.status)}` : 'message',
				level: entry(levels, type) ?? (type === 'system.test' ? 'info' : 'warning'),
				title: words[context.language][type as keyof (typeof words)['en']].replace('{name}', () => name),
				body: text(beat.msg, said) ?? '',
				url: shownLink(watched.url),
				time: isoTime(text(beat.time)?.replace(/^(\d{4}-\d\d-\d\d) ([\d:.]+)$/, '$1T$2Z')),
				raw: body,
			},
			context,
		);
		const ping = number(beat.ping);
		return [
			{
				...reading,
				event: {
					...reading.event,
					facts: present({ monitor: name, ping: ping === undefined ? undefined : `${ping} ms` }),
				},
			},
		];
	},
});

function opened(value: unknown): unknown {
	if (typeof value !== 'string' || !/^\s*[{n]/.test(value)) return value;
	try {
		return JSON.parse(value);
	} catch {
		return value; // a text that only looks like it
	}
}
