import type { Samples } from '../../core/define/sender';

const alert = (status: string, endsAt: string) => ({
	status,
	labels: { alertname: 'Disk full', instance: 'nas', severity: 'critical' },
	annotations: { summary: 'The disk is 91 % full.' },
	startsAt: '2026-01-02T19:30:00Z',
	endsAt,
	values: { A: 91 },
	generatorURL: 'https://grafana.example.com/alerting/disk',
	fingerprint: 'f1a2b3',
});
const group = (status: string, title: string, endsAt: string) => ({
	receiver: 'carillon',
	status,
	alerts: [alert(status, endsAt)],
	groupLabels: { alertname: 'Disk full' },
	commonLabels: { alertname: 'Disk full', instance: 'nas', severity: 'critical' },
	commonAnnotations: { summary: 'The disk is 91 % full.' },
	externalURL: 'https://grafana.example.com/',
	version: '1',
	groupKey: '{}:{alertname="Disk full"}',
	truncatedAlerts: 0,
	title,
	state: status === 'firing' ? 'alerting' : 'ok',
	message: 'The disk is 91 % full.',
});

export const grafanaSamples: Samples = {
	'alert.firing': group('firing', '[FIRING:1] Disk full', '0001-01-01T00:00:00Z'),
	'alert.resolved': group('resolved', '[RESOLVED] Disk full', '2026-01-02T19:50:00Z'),
	'system.test': {
		receiver: 'carillon',
		status: 'firing',
		alerts: [
			{
				status: 'firing',
				labels: { alertname: 'TestAlert', instance: 'Grafana' },
				annotations: { summary: 'Notification test' },
				startsAt: '2026-01-02T19:30:00Z',
				endsAt: '0001-01-01T00:00:00Z',
				fingerprint: '57c6d9296de2ad39',
			},
		],
		commonLabels: { alertname: 'TestAlert', instance: 'Grafana' },
		version: '1',
		groupKey: 'test-57c6d9296de2ad39',
		title: '[FIRING:1] TestAlert Grafana',
		state: 'alerting',
	},
};
