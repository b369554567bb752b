import type { Samples } from '../../core/define/sender';
import { posterBase64 } from '../../core/receive/poster';

const of = (event: string, result: number, message: string, screenshot: string | null = null) => ({
	send_to: '',
	event,
	result,
	timestamp: '2026-01-02T20:30:00.0000000+08:00',
	screenshot,
	message,
	data: null,
});

export const betterGISamples: Samples = {
	'task.started': of('dragon.start', 0, '一条龙任务启动'),
	'task.progress': of('domain.retry', 1, '自动秘境第 2 次重试'),
	'task.completed': of('dragon.end', 0, '一条龙和配置组任务结束', posterBase64),
	'task.partial': of('domain.end', 2, '自动秘境结束，部分奖励未领取'),
	'task.cancelled': of('task.cancel', 0, '任务被手动取消'),
	'task.failed': of('task.error', 1, '任务执行失败：未找到传送点'),
	'system.test': of('notify.test', 0, '这是一条测试通知'),
};
