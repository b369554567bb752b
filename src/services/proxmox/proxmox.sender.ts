import type { EventType } from '../../core/message/event';
import type { Text } from '../../core/base/language';
import { fill } from '../../core/base/language';
import type { Level } from '../../core/message/message';
import { inWords } from '../../core/message/readable';
import { note } from '../../core/receive/note';
import { said } from '../../core/receive/said';
import { entry, isRecord, isoTime, number, present, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

const levels: Readonly<Record<string, Level>> = {
	info: 'info',
	notice: 'info',
	warning: 'warning',
	error: 'failure',
	unknown: 'info',
};

interface Kind {
	good: EventType;
	bad: EventType;
	/** In place of its own title, which is English. */
	done?: Text;
	failed?: Text;
}

const task = { good: 'task.completed', bad: 'task.failed' } as const;

/** `fields.type` of Proxmox VE and of the Backup Server. */
const kinds: Readonly<Record<string, Kind>> = {
	vzdump: {
		...task,
		done: { en: '💾 {host}: backup finished', zh: '💾 {host}：备份完成' },
		failed: { en: '❌ {host}: backup failed', zh: '❌ {host}：备份失败' },
	},
	replication: { ...task, failed: { en: '❌ {host}: replication failed', zh: '❌ {host}：存储复制失败' } },
	fencing: {
		good: 'system.unhealthy',
		bad: 'system.unhealthy',
		failed: { en: '🚨 {host} was fenced', zh: '🚨 {host} 已被隔离' },
	},
	'package-updates': {
		good: 'system.updateAvailable',
		bad: 'system.updateAvailable',
		done: { en: '⬆️ {host}: updates available', zh: '⬆️ {host}：有可用更新' },
	},
	'system-mail': { good: 'system.notice', bad: 'system.unhealthy' },
	gc: {
		...task,
		done: { en: '🧹 {host}: garbage collected', zh: '🧹 {host}：垃圾回收完成' },
		failed: { en: '❌ {host}: garbage collection failed', zh: '❌ {host}：垃圾回收失败' },
	},
	prune: {
		...task,
		done: { en: '🧹 {host}: pruned', zh: '🧹 {host}：清理完成' },
		failed: { en: '❌ {host}: pruning failed', zh: '❌ {host}：清理失败' },
	},
	verify: {
		...task,
		done: { en: '✅ {host}: backups verified', zh: '✅ {host}：校验完成' },
		failed: { en: '❌ {host}: verification failed', zh: '❌ {host}：校验失败' },
	},
	sync: {
		...task,
		done: { en: '🔄 {host}: synced', zh: '🔄 {host}：同步完成' },
		failed: { en: '❌ {host}: sync failed', zh: '❌ {host}：同步失败' },
	},
	'tape-backup': {
		...task,
		done: { en: '📼 {host}: tape backup finished', zh: '📼 {host}：磁带备份完成' },
		failed: { en: '❌ {host}: tape backup failed', zh: '❌ {host}：磁带备份失败' },
	},
	'tape-load': { good: 'system.notice', bad: 'task.failed' },
	acme: { ...task, failed: { en: '❌ {host}: certificate not renewed', zh: '❌ {host}：证书续期失败' } },
};

/** Where the template leaves its fields out, its own titles tell. */
const titled: readonly (readonly [RegExp, string])[] = [
	[/^vzdump backup status \(/i, 'vzdump'],
	[/^Replication Job: /i, 'replication'],
	[/^(?:Try to fence node|Succeed fencing node|Successfully fenced node)/i, 'fencing'],
	[/^New software packages available \(/i, 'package-updates'],
	[/^Garbage Collect Datastore /i, 'gc'],
	[/^Pruning datastore /i, 'prune'],
	[/^Verify Datastore /i, 'verify'],
	[/^Sync (?:remote|datastore) /i, 'sync'],
	[/^Tape Backup /i, 'tape-backup'],
	[/^Load Media /i, 'tape-load'],
];

const kindOfTitle = (title: string | undefined) => titled.find(([pattern]) => pattern.test(title ?? ''))?.[1];

const template =
	'{"proxmox": true, "title": "{{ escape title }}", "message": "{{ escape message }}", "severity": "{{ severity }}", "timestamp": {{ timestamp }}, "fields": {{ json fields }}}';

const sample = (title: string, message: string, severity: string, type: string) => ({
	title,
	message,
	severity,
	timestamp: 1_767_323_000,
	fields: { type, hostname: 'pve1' },
});

/** Its webhook sends what its user writes in Handlebars: the template of its documentation's parts, or most of them. */
export const proxmox = defineSender({
	id: 'proxmox',
	name: 'Proxmox',
	zh: 'Proxmox',
	where: {
		en: 'Datacenter → Notifications → Add → Webhook: POST, the header Content-Type: application/json, and the body below; then a matcher that leads to it',
		zh: '数据中心 → 通知 → 添加 → Webhook：POST，请求头 Content-Type: application/json，正文如下；再添加指向它的匹配器',
	},
	paste: [{ into: { en: 'Body', zh: '正文' }, as: 'json', text: template }],
	tells: [...new Set(Object.values(kinds).flatMap(({ good, bad }) => [good, bad])), 'system.test'],
	samples: {
		'task.completed': sample(
			'vzdump backup status (pve1.example.net): backup successful',
			'VMID    Name    Status    Time    Size\n100     films   ok        8m      12 GiB',
			'info',
			'vzdump',
		),
		'task.failed': sample(
			'vzdump backup status (pve1.example.net): backup failed',
			'VMID    Name    Status    Time\n100     films   err       3s',
			'error',
			'vzdump',
		),
		'system.updateAvailable': sample(
			'New software packages available (pve1)',
			'The following updates are available:\n\nreel 1.2 -> 1.3',
			'info',
			'package-updates',
		),
		'system.unhealthy': sample(
			'Try to fence node pve2',
			'The node pve2 failed and needs manual intervention.',
			'error',
			'fencing',
		),
		'system.notice': sample(
			'Cron <root@pve1> reel-report',
			'All reels are in their boxes.',
			'unknown',
			'system-mail',
		),
		'system.test': {
			title: 'Test notification',
			message: 'This is a test of the notification target "carillon".',
			severity: 'info',
			timestamp: 1_767_323_000,
			fields: {},
		},
	},
	hint: /proxmox|\bpve\b|\bpbs\b/i,

	recognise(body) {
		if (!isRecord(body) || typeof text(body.title) !== 'string') return 0;
		const isGrave = entry(levels, text(body.severity)?.toLowerCase() ?? '') !== undefined;
		if (body.proxmox === true) return 1;
		const fields = isRecord(body.fields) ? body.fields : undefined;
		if (isGrave && fields && entry(kinds, text(fields.type) ?? '')) return 1;
		if (kindOfTitle(text(body.title))) return 0.9;
		const isTest =
			/^Test notification$/i.test(text(body.title)!) && /notification target/.test(text(body.message) ?? '');
		return isGrave && fields && (isTest || number(body.timestamp) !== undefined) ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const { language } = context;
		const fields = record(given.fields);
		const own = said(given.title) ?? '';
		const severity = text(given.severity)?.toLowerCase() ?? '';
		const rawType = text(fields.type) ?? kindOfTitle(own) ?? 'message';
		const kind = entry(kinds, rawType);
		// Of mail it does not know.
		const isBad =
			severity === 'error' || (!/^(?:info|notice|warning)$/.test(severity) && /\b(?:fail|error)/i.test(own));
		const host = said(fields.hostname, /\(([^()]{1,100})\)/.exec(own)?.[1]?.split('.')[0]);
		const isTest = /^Test notification$/i.test(own);
		const words = isBad ? kind?.failed : kind?.done;
		// What failed is told behind the last colon.
		const cause = /backup failed: (.+)$/i.exec(own)?.[1];
		const shown = isTest ? tested[language] : words && host ? fill(words, { host })[language] : own;
		const more = Object.entries(fields).flatMap(([name, value]) => {
			const found = ['type', 'hostname'].includes(name) ? undefined : said(value);
			return found ? [{ name: entry(labels, name)?.[language] ?? inWords(name), value: found, short: true }] : [];
		});
		const isDone = !isBad && kind?.good === 'task.completed' && severity !== 'warning';
		return [
			note(
				present({
					source: 'proxmox',
					quotes: true,
					type: isTest
						? 'system.test'
						: ((isBad ? kind?.bad : kind?.good) ?? (isBad ? 'system.unhealthy' : 'system.notice')),
					rawType,
					level: isBad ? 'failure' : isDone ? 'success' : (entry(levels, severity) ?? 'info'),
					title: shown,
					body: [cause, said(given.message, given.text, given.content)].filter(Boolean).join('\n\n'),
					...(more.length > 0 && { fields: more }),
					time: isoTime((number(given.timestamp) ?? Number.NaN) * 1000),
					raw: body,
				}),
				context,
			),
		];
	},
});

const tested: Text = { en: '🔔 Test: Proxmox reaches you', zh: '🔔 测试通知：Proxmox 已接通' };

const labels: Readonly<Record<string, Text>> = {
	'job-id': { en: 'Job', zh: '任务' },
	datastore: { en: 'Datastore', zh: '数据存储' },
	'media-pool': { en: 'Media pool', zh: '介质池' },
};
