import type { Language } from '../../core/base/language';
import type { Level } from '../../core/message/message';
import { isNothing, withoutKeys } from '../../core/message/readable';
import { note } from '../../core/receive/note';
import { isRecord, isoTime, items, record, text, type Loose } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { watchtowerSamples } from './samples';

const words = {
	en: { scanned: 'scanned', updated: 'updated', failed: 'failed', title: 'Watchtower' },
	zh: { scanned: '已检查', updated: '已更新', failed: '失败', title: 'Watchtower' },
} as const;

/** Watchtower's `json.v1`: what it did to each container, and its log. (Its other templates are plain text.) */
/** A line of its log, as its JSON has it. */
const isLogged = (entry: unknown) =>
	isRecord(entry) && ['level', 'message', 'data', 'time'].every((name) => name in entry);

export const watchtower = defineSender({
	id: 'watchtower',
	name: 'Watchtower',
	zh: 'Watchtower',
	where: {
		en: 'WATCHTOWER_NOTIFICATION_URL=generic+https://… with WATCHTOWER_NOTIFICATION_REPORT=true and WATCHTOWER_NOTIFICATION_TEMPLATE=json.v1',
		zh: 'WATCHTOWER_NOTIFICATION_URL=generic+https://…，并设置 WATCHTOWER_NOTIFICATION_REPORT=true 与 WATCHTOWER_NOTIFICATION_TEMPLATE=json.v1',
	},
	samples: watchtowerSamples,
	tells: ['task.failed', 'system.updated'],

	recognise(body) {
		if (!isRecord(body) || !Array.isArray(body.entries) || !('host' in body)) return 0;
		if (!('report' in body)) return body.entries.length > 0 && body.entries.every(isLogged) ? 0.7 : 0;
		return body.report === null || lists.every((name) => items(record(body.report)[name]).every(isRecord)) ? 1 : 0;
	},

	read(body, context) {
		const given = record(body);
		const report = record(given.report);
		const log = items(given.entries).map(record);
		const [updated, failed] = [reports(report.updated), reports(report.failed)];
		const level = levelOf(log, updated.length, failed.length);
		return [
			note(
				{
					source: 'watchtower',
					type: level === 'failure' ? 'task.failed' : updated.length ? 'system.updated' : 'message',
					rawType: 'report',
					level,
					title:
						said(given.title) ??
						`${words[context.language].title}${said(given.host) ? ` · ${said(given.host)}` : ''}`,
					body: describe(report, log, context.language),
					time: isoTime(log.at(-1)?.time),
					raw: body,
				},
				context,
			),
		];
	},
});

const lists = ['scanned', 'updated', 'failed', 'skipped', 'stale', 'fresh'];
const reports = (list: unknown) => items(list).map(record);

function levelOf(log: readonly Loose[], updated: number, failed: number): Level {
	const loudest = log.map(({ level }) => text(level)?.toLowerCase());
	if (failed || loudest.some((level) => level && /^(?:error|fatal|panic)$/.test(level))) return 'failure';
	if (loudest.includes('warning') || loudest.includes('warn')) return 'warning';
	return updated ? 'success' : 'info';
}

function describe(report: Loose, log: readonly Loose[], language: Language): string {
	const { scanned, updated, failed } = words[language];
	const count = (list: unknown, word: string) =>
		language === 'zh' ? `${word} ${items(list).length}` : `${items(list).length} ${word}`;
	const lines = [
		...reports(report.updated).map((one) => `🔄 ${called(one)}: ${versions(one)}`),
		...reports(report.failed).map((one) => `❌ ${called(one)}: ${said(one.error) ?? words[language].failed}`),
		// Those that were left out on purpose tell nothing; those that could not be had tell why.
		...reports(report.skipped)
			.filter(({ error }) => said(error))
			.map((one) => `⚠️ ${called(one)}: ${said(one.error)}`),
		...reports(report.stale).map((one) => `🆕 ${called(one)}: ${versions(one)}`),
		...(Object.keys(report).length
			? [
					[count(report.scanned, scanned), count(report.updated, updated), count(report.failed, failed)].join(
						' · ',
					),
				]
			: []),
	];
	const logged = log.map(({ message }) => said(message)).filter((line) => line !== undefined);
	return [lines.join('\n'), logged.join('\n')].filter(Boolean).join('\n\n');
}

const called = ({ name, imageName }: Loose) =>
	`${(said(name) ?? '').replace(/^\//, '')}${said(imageName) ? ` (${said(imageName)})` : ''}`;

const versions = ({ currentImageId, latestImageId }: Loose) =>
	[said(currentImageId), said(latestImageId)].filter(Boolean).join(' → ');

/** Its words, which may quote a registry's address with the login in it. */
function said(value: unknown): string | undefined {
	const found = text(value);
	return found === undefined || isNothing(found) ? undefined : withoutKeys(found);
}
