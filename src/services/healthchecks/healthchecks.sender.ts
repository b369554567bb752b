import type { EventType } from '../../core/message/event';
import type { Language } from '../../core/base/language';
import type { Level } from '../../core/message/message';
import { note } from '../../core/receive/note';
import { said } from '../../core/receive/said';
import { entry, isRecord, isoTime, number, present, record, text, type Loose } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

interface State {
	type: EventType;
	level: Level;
	en: string;
	zh: string;
}

const states: Readonly<Record<string, State>> = {
	down: { type: 'monitor.down', level: 'failure', en: '🔴 {name} is down', zh: '🔴 {name} 已离线' },
	up: { type: 'monitor.up', level: 'success', en: '🟢 {name} is up again', zh: '🟢 {name} 已恢复' },
	grace: { type: 'monitor.warning', level: 'warning', en: '🟡 {name} is late', zh: '🟡 {name} 未按时上报' },
	started: { type: 'monitor.warning', level: 'info', en: '▶️ {name} has started', zh: '▶️ {name} 已开始' },
	paused: { type: 'monitor.warning', level: 'info', en: '⏸️ {name} is paused', zh: '⏸️ {name} 已暂停' },
	new: { type: 'monitor.warning', level: 'info', en: '🆕 {name} has not reported yet', zh: '🆕 {name} 尚未上报' },
};

const check = {
	name: 'Backup of the nas',
	slug: 'backup-of-the-nas',
	tags: 'nas nightly',
	desc: 'restic, every night',
	grace: 3600,
	n_pings: 42,
	last_ping: '2026-01-01T03:00:00+00:00',
	next_ping: null,
	timeout: 86_400,
};

/**
 * Its webhooks send what their user writes, with placeholders. `$JSON` is the whole check: with addresses by which
 * anybody may report for it, change or pause it, which are no reader's.
 */
export const healthchecks = defineSender({
	id: 'healthchecks',
	name: 'Healthchecks',
	zh: 'Healthchecks',
	where: {
		en: 'Integrations → Webhook, for down and for up alike: POST, the header Content-Type: application/json, and the body below',
		zh: 'Integrations → Webhook，down 与 up 两处相同：POST，请求头 Content-Type: application/json，正文如下',
	},
	paste: [
		{
			into: { en: 'Request body', zh: '请求正文' },
			as: 'json',
			text: '{"check": $JSON, "status": "$STATUS", "now": "$NOW"}',
		},
	],
	tells: ['monitor.down', 'monitor.up', 'monitor.warning'],
	samples: {
		'monitor.down': { check: { ...check, status: 'down' }, status: 'down', now: '2026-01-02T04:00:00+00:00' },
		'monitor.up': { check: { ...check, status: 'up' }, status: 'up', now: '2026-01-02T05:00:00+00:00' },
		'monitor.warning': { ...check, status: 'grace' },
	},
	hint: /healthchecks|hc-ping/i,

	recognise(body) {
		if (!isRecord(body)) return 0;
		const asked = isRecord(body.check) ? body.check : body;
		const isKnown = entry(states, text(body.status, asked.status)?.toLowerCase() ?? '') !== undefined;
		if (!isKnown) return 0;
		if ('n_pings' in asked && 'grace' in asked) return 1;
		// Placeholders one by one, `$CODE` among them.
		return uuid.test(text(body.code) ?? '') && text(body.name) !== undefined ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const asked = isRecord(given.check) ? given.check : given;
		const { language } = context;
		const status = text(given.status, asked.status)?.toLowerCase() ?? '';
		const state = entry(states, status) ?? states.grace!;
		const name = said(asked.name, given.name, asked.slug) ?? 'Healthchecks';
		const rows = [
			['Last ping', '上次上报', minuteOf(asked.last_ping)],
			['Schedule', '计划', scheduleOf(asked, language)],
			['Tags', '标签', said(asked.tags, given.tags)],
		] as const;
		const reading = note(
			present({
				source: 'healthchecks',
				quotes: true,
				type: state.type,
				rawType: status,
				level: state.level,
				title: state[language].replace('{name}', () => name),
				body: [said(asked.desc), said(given.body, given.message)].filter(Boolean).join('\n\n'),
				fields: rows.flatMap(([en, zh, value]) =>
					value === undefined ? [] : [{ name: language === 'zh' ? zh : en, value, short: true }],
				),
				time: isoTime(given.now),
				raw: body,
			}),
			context,
		);
		return [{ ...reading, event: { ...reading.event, facts: { monitor: name } } }];
	},
});

const minuteOf = (value: unknown) => {
	const time = isoTime(value);
	return time && `${time.slice(0, 16).replace('T', ' ')} UTC`;
};

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const units = [
	[86_400, 'd', '天'],
	[3600, 'h', '小时'],
	[60, 'min', '分钟'],
	[1, 's', '秒'],
] as const;

/** Cron with its time zone, or how often. */
function scheduleOf({ schedule, tz, timeout }: Loose, language: Language): string | undefined {
	const cron = said(schedule);
	if (cron !== undefined) return [cron, said(tz)].filter(Boolean).join(' · ');
	const seconds = number(timeout);
	const unit = units.find(([length]) => seconds !== undefined && seconds > 0 && seconds % length === 0);
	if (!unit || seconds === undefined) return undefined;
	const [length, en, zh] = unit;
	return language === 'zh' ? `每 ${seconds / length} ${zh}` : `every ${seconds / length} ${en}`;
}
