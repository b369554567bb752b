import type { Language } from '../../core/base/language';
import { namesSecret } from '../../core/base/secretNames';
import { note } from '../../core/receive/note';
import { entry, isRecord, isoTime, items, picture, record, text, webUrl, type Loose } from '../../core/receive/reading';
import { shownLink } from '../../core/base/shownLink';
import { defineSender } from '../../core/define/sender';
import { grafanaSamples } from './samples';

const most = 20;

/** Unified alerting (`alerts[]`, as Prometheus' Alertmanager sends too), and the older `ruleName`/`state` body. */
export const grafana = defineSender({
	id: 'grafana',
	name: 'Grafana / Alertmanager',
	zh: 'Grafana / Alertmanager 告警',
	where: { en: 'Alerting → Contact points → Webhook', zh: '告警 → 联络点 → Webhook' },
	samples: grafanaSamples,
	tells: ['system.test', 'alert.resolved', 'alert.firing'],
	hint: /grafana|alertmanager/i,

	recognise(body) {
		if (!isRecord(body)) return 0;
		if (Array.isArray(body.alerts)) {
			const isOurs =
				body.alerts.length > 0 && body.alerts.every((alert) => isRecord(alert) && isRecord(alert.labels));
			return isOurs && /^(?:firing|resolved)$/.test(text(body.status) ?? '') ? 1 : 0;
		}
		return text(body.ruleName) !== undefined && legacyStates.has(text(body.state) ?? '') ? 1 : 0;
	},

	read(body, context) {
		const { language } = context;
		const given = record(body);
		const alerts = items(given.alerts).map(record);
		const state = text(given.status, given.state)?.toLowerCase() ?? '';
		const isResolved = state === 'resolved' || state === 'ok';
		const common = record(given.commonLabels);
		const firing = alerts.filter(({ status }) => status !== 'resolved');
		const names = [
			...new Set(
				(firing.length ? firing : alerts)
					.map((alert) => nameOf(alert, language))
					.filter((name) => name !== undefined),
			),
		];
		const name =
			names.length > 1
				? `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`
				: (names[0] ?? nameOf({ labels: common }, language) ?? text(given.ruleName, given.title) ?? 'Grafana');
		const isTest = name === 'TestAlert' || /^\[Alerting\] Test notification/.test(text(given.title) ?? '');
		const fault = isResolved ? undefined : faultOf(state, firing);
		const kind = isTest ? 'test' : isResolved ? 'resolved' : (fault?.kind ?? 'firing');
		const many = kind === 'firing' && firing.length > 1 ? ` (${firing.length})` : '';
		return [
			note(
				{
					source: 'grafana',
					quotes: true,
					type: isTest ? 'system.test' : isResolved ? 'alert.resolved' : 'alert.firing',
					rawType: state,
					level: isTest
						? 'info'
						: isResolved
							? 'success'
							: fault || /^(?:warn|warning)$/i.test(text(common.severity) ?? '')
								? 'warning'
								: 'failure',
					title:
						name === fault?.[language]
							? `⚠️ ${name}`
							: `${titles[kind][language]}${kind === 'test' ? '' : `${name}${many}`}`,
					body: alerts.length ? describe(alerts, language) : (text(given.message) ?? ''),
					url: shownLink(
						given.ruleUrl,
						...alerts
							.slice(0, most)
							.flatMap(({ panelURL, dashboardURL, generatorURL }) => [
								panelURL,
								dashboardURL,
								generatorURL,
							]),
						given.externalURL,
					),
					image: picture(given.imageUrl ?? alerts.find(({ imageURL }) => webUrl(imageURL))?.imageURL),
					time: isoTime(isResolved ? alerts[0]?.endsAt : alerts[0]?.startsAt),
					// A notification that is sent again gives other links and values, and tells of the same alerts.
					same: alerts.length
						? [
								given.groupKey,
								state,
								alerts.map(({ fingerprint, labels, status, startsAt, endsAt }) => [
									...[fingerprint ?? labels, status, startsAt],
									status === 'resolved' ? endsAt : '',
								]),
							]
						: [body],
					raw: body,
				},
				context,
			),
		];
	},
});

const legacyStates: ReadonlySet<string> = new Set(['alerting', 'ok', 'no_data', 'paused', 'pending', 'unknown']);

const titles = {
	test: { en: '🔔 Grafana: test', zh: '🔔 Grafana：测试' },
	resolved: { en: '✅ Resolved: ', zh: '✅ 告警恢复：' },
	firing: { en: '🚨 Firing: ', zh: '🚨 告警触发：' },
	noData: { en: '⚠️ No data: ', zh: '⚠️ 没有数据：' },
	error: { en: '⚠️ Cannot be evaluated: ', zh: '⚠️ 无法评估：' },
} as const;

/** Alerts that Grafana raises itself: in a rule's place, which a label of theirs names, or else nothing does. */
const faults: Readonly<Record<string, { kind: 'noData' | 'error' } & Record<Language, string>>> = {
	DatasourceNoData: { kind: 'noData', en: 'No data', zh: '没有数据' },
	DatasourceError: { kind: 'error', en: 'Cannot be evaluated', zh: '无法评估' },
};

const alertName = (alert: Loose | undefined) => text(record(alert?.labels).alertname) ?? '';

function nameOf(alert: Loose, language: Language): string | undefined {
	const fault = entry(faults, alertName(alert));
	return fault ? (text(record(alert.labels).rulename) ?? fault[language]) : text(record(alert.labels).alertname);
}

/** Where all that fire do so because there is nothing to look at. */
function faultOf(state: string, firing: readonly Loose[]): (typeof faults)[string] | undefined {
	if (state === 'no_data' || state === 'nodata') return faults.DatasourceNoData;
	const kinds = new Set(firing.map((alert) => entry(faults, alertName(alert))));
	return kinds.size === 1 ? [...kinds][0] : undefined;
}

function describe(alerts: readonly Loose[], language: Language): string {
	const lines = alerts.slice(0, most).map((alert) => {
		const labels = record(alert.labels);
		const notes = record(alert.annotations);
		const where = text(labels.instance, labels.host, labels.pod, labels.job);
		const said = text(notes.summary, notes.description, notes.message, nameOf(alert, language)) ?? '';
		const values = text(alert.valueString)
			? ''
			: Object.entries(record(alert.values))
					.filter(([name]) => !namesSecret(name))
					.map(([key, value]) => `${key}=${text(value) ?? ''}`)
					.join(', ');
		const icon = alert.status === 'resolved' ? '✅' : entry(faults, alertName(alert)) ? '⚠️' : '🔴';
		return `${icon} ${said}${where ? ` · ${where}` : ''}${values ? ` (${values})` : ''}`;
	});
	return [...lines, ...(alerts.length > most ? [`… +${alerts.length - most}`] : [])].join('\n');
}
