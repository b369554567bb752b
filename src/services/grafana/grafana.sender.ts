import { note } from '../../core/receive/note';
import { isRecord, isoTime, items, picture, record, text, webUrl, type Loose } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

const most = 20;

/** Unified alerting (`alerts[]`, as Prometheus' Alertmanager sends too), and the older `ruleName`/`state` body. */
export const grafana = defineSender({
	id: 'grafana',
	name: 'Grafana / Alertmanager',
	zh: 'Grafana / Alertmanager 告警',
	hint: /grafana|alertmanager/i,

	recognise(body) {
		if (!isRecord(body)) return 0;
		if (Array.isArray(body.alerts) && text(body.status)) return 1;
		return text(body.ruleName) !== undefined && text(body.state) !== undefined ? 1 : 0;
	},

	read(body, context) {
		const given = record(body);
		const alerts = items(given.alerts).map(record);
		const state = text(given.status, given.state)?.toLowerCase() ?? '';
		const isResolved = state === 'resolved' || state === 'ok';
		const common = record(given.commonLabels);
		const name =
			text(common.alertname, given.ruleName, record(alerts[0]?.labels).alertname, given.title) ?? 'Grafana';
		const zh = context.language === 'zh';
		const isTest = name === 'TestAlert' || /^\[Alerting\] Test notification/.test(text(given.title) ?? '');
		const firing = alerts.filter(({ status }) => status !== 'resolved').length;
		const isSilent = state === 'no_data' || state === 'nodata';
		const title = isTest
			? zh
				? '🔔 Grafana：测试'
				: '🔔 Grafana: test'
			: isSilent
				? `${zh ? '⚠️ 没有数据：' : '⚠️ No data: '}${name}`
				: `${isResolved ? (zh ? '✅ 告警恢复' : '✅ Resolved') : zh ? '🚨 告警触发' : '🚨 Firing'}${zh ? '：' : ': '}${name}${firing > 1 ? ` (${firing})` : ''}`;
		return [
			note(
				{
					source: 'grafana',
					type: isTest ? 'system.test' : isResolved ? 'alert.resolved' : 'alert.firing',
					rawType: state,
					level: isTest
						? 'info'
						: isResolved
							? 'success'
							: isSilent || text(common.severity)?.toLowerCase() === 'warning'
								? 'warning'
								: 'failure',
					title,
					body: alerts.length ? describe(alerts) : (text(given.message) ?? ''),
					url: webUrl(given.ruleUrl, alerts[0]?.panelURL, alerts[0]?.generatorURL, given.externalURL),
					image: picture(given.imageUrl ?? alerts.find(({ imageURL }) => webUrl(imageURL))?.imageURL),
					time: isoTime(isResolved ? alerts[0]?.endsAt : alerts[0]?.startsAt),
					moment: text([given.groupKey, alerts[0]?.startsAt].map((one) => text(one) ?? '').join(' ')),
					raw: body,
				},
				context,
			),
		];
	},
});

function describe(alerts: readonly Loose[]): string {
	const lines = alerts.slice(0, most).map((alert) => {
		const labels = record(alert.labels);
		const notes = record(alert.annotations);
		const where = text(labels.instance, labels.host, labels.pod, labels.job);
		const said = text(notes.summary, notes.description, notes.message, labels.alertname) ?? '';
		const values = text(alert.valueString)
			? ''
			: Object.entries(record(alert.values))
					.map(([key, value]) => `${key}=${text(value) ?? ''}`)
					.join(', ');
		return `${alert.status === 'resolved' ? '✅' : '🔴'} ${said}${where ? ` · ${where}` : ''}${values ? ` (${values})` : ''}`;
	});
	return [...lines, ...(alerts.length > most ? [`… +${alerts.length - most}`] : [])].join('\n');
}
