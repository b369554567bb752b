import type { Samples } from '../../core/define/sender';

const beat = (status: number, msg: string, more: object = {}) => ({
	monitorID: 1,
	status,
	time: '2026-01-02 19:30:00.000',
	msg,
	important: true,
	duration: 60,
	...more,
});
const monitor = { id: 1, name: 'Media server', type: 'http', url: 'https://media.example.com', interval: 60 };

export const uptimeKumaSamples: Samples = {
	'monitor.down': {
		heartbeat: beat(0, 'timeout of 10000ms exceeded'),
		monitor,
		msg: '[Media server] [🔴 Down] timeout of 10000ms exceeded',
	},
	'monitor.up': {
		heartbeat: beat(1, '200 - OK', { ping: 12 }),
		monitor,
		msg: '[Media server] [✅ Up] 200 - OK',
	},
	'monitor.warning': { heartbeat: beat(3, 'Monitor under maintenance'), monitor, msg: '[Media server] Maintenance' },
	'system.test': { heartbeat: null, monitor: null, msg: 'Webhook Testing' },
};
