import { qd } from '../../../src/services/qd/qd.sender';
import { readMessage } from '../../../src/core/message/message';
import type { Context } from '../../../src/core/define/sender';

const context = {
	now: '2026-01-02T03:04:05.000Z',
	language: 'zh',
	files: [],
	format: 'text',
	mapping: {},
} as unknown as Context;

test.each([
	['QD定时任务 site-note 成功', 'automatic'],
	['QD任务 site-note 失败', 'manual'],
	['QD[x] site', undefined],
])('QD: %s was started %s', (title, origin) => {
	const [reading] = qd.read({ title, content: 'x' }, context);
	expect([reading!.event.origin, reading!.message?.origin]).toEqual([origin, origin]);
});

test.each([
	['scheduled', '管理员', 'automatic', 'admin'],
	['手动', 'User', 'manual', 'user'],
])('a message says who started it (%s) and whom it is for (%s)', (origin, audience, ...expected) => {
	const message = readMessage({ body: 'x', origin, audience });
	expect([message.origin, message.audience]).toEqual(expected);
});

test('what is neither is left out and told', () => {
	const told: string[] = [];
	const message = readMessage({ body: 'x', origin: 'moon', audience: 7 }, (part) => told.push(part));
	expect(told).toEqual(['origin', 'audience']);
	expect(message).toEqual({ body: 'x' });
});
