import { defineFlow, number, text, toggle, type Arrival } from '../../core/define/flow';
import { timeZone } from '../../core/define/fields/times';
import { bounds } from '../../core/state/bounds';
import { hear, obey, step, type Body, type Facts } from './machine';
import { subjectOf, toldBy } from './outcome';
import { telling } from './tell';

/** One failure is no news: it is told when it lasts, and once more when it is over. */
export const threshold = defineFlow({
	id: 'threshold',
	set: 'flow',
	name: 'Failure Threshold',
	zh: '失败阈值',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#readme',
	description: {
		en: 'Tells of a task or monitor once it has failed several times in a row, reminds, and tells when it has recovered',
		zh: '任务或监控连续失败数次后才提醒，可重复提醒，恢复时通知',
	},
	aliases: ['Alert', 'Retries', 'Flapping', 'Recovered', '告警', '连续失败', '恢复通知', 'QD'],
	teaches: {
		en: 'Failures of the same task or monitor are counted: by the level “failure” or types such as task.failed, monitor.down, alert.firing. The first ones are held back; the one that reaches the number is told, with how many there were and since when. A success begins anew, and after an alert says that it has recovered. What a person starts by hand does not count. What tells of neither passes unchanged. A message with msg.ack (true for all, or a key) silences reminders until it recovers, msg.reset forgets; in n8n an item with carillon.command set to "ack" or "reset". All of it survives restarts.',
		zh: '对同一任务或监控的失败进行计数：级别为“失败”，或类型为 task.failed、monitor.down、alert.firing 等。前几次不提醒，达到次数时才送出，并注明连续失败的次数与开始时间。成功后重新计数；提醒过的会通知已恢复。手动执行的不计数，与成败无关的消息原样通过。收到带 msg.ack 的消息（true 表示全部，或填分组键）后，恢复前不再重复提醒；msg.reset 清除计数；n8n 中为 carillon.command 设为 "ack" 或 "reset" 的条目。重启后依然有效。',
	},
	outputs: [
		{
			en: 'To Tell',
			zh: '提醒',
			help: {
				en: 'The message, with carillon.threshold: what (alert, reminder, recovered …), failures, since',
				zh: '消息本身，附带 carillon.threshold：what（alert、reminder、recovered 等）、failures、since',
			},
		},
		{ en: 'Held Back', zh: '未提醒', help: { en: 'The message as it came in', zh: '原样输出' } },
	],
	fields: {
		failures: number('Failures in a Row', {
			zh: '连续失败几次后提醒',
			default: 3,
			min: 1,
			max: 10_000,
			integer: true,
		}),
		remindEvery: number('Remind at Every Nth Further Failure', {
			zh: '之后每失败几次再提醒',
			default: 0,
			min: 0,
			max: 10_000,
			integer: true,
			help: { en: '0: never', zh: '0：不再提醒' },
		}),
		remindAfter: number('Remind After (Seconds)', {
			zh: '之后每隔多久再提醒（秒）',
			default: 0,
			min: 0,
			max: 366 * 86_400,
			help: {
				en: 'Again and again, as long as it has not recovered; 0: never',
				zh: '恢复前每隔此时间再提醒一次；0：不再提醒',
			},
		}),
		recovered: toggle('Tell When Recovered', {
			zh: '恢复时通知',
			default: true,
			help: { en: 'Once, and only after an alert', zh: '仅在提醒过之后通知一次' },
		}),
		manualFailure: toggle('Manual Failure, Too', { zh: '手动失败也通知', default: true }),
		manualSuccess: toggle('Manual Success, Too', { zh: '手动成功也通知', default: false }),
		autoSuccess: toggle('Automatic Success, Too', { zh: '自动成功也通知', default: false }),
		key: text('Key', {
			zh: '分组键',
			optional: true,
			help: {
				en: 'What is counted by itself; empty: the source with its task or monitor',
				zh: '分别计数的依据；留空：来源加任务或监控项',
			},
		}),
		timeZone,
	},
	each: ['key'],
	commands: ['reset', 'ack'],

	enter(arrival, values) {
		const told = toldBy(arrival);
		if (!told) return { passes: { output: 0 } };
		return {
			key: subjectOf(arrival, values.key),
			decide: hear(told, remembered(arrival), values) as never,
		};
	},
	passing: ({ content, place = 'message' }, { facts }, { language, timeZone: zone = 'UTC' }) =>
		facts === undefined ? content : telling(content, place, facts as Facts, language, zone),
	step: (values, why) => step(values, why) as never,
	command: (command, values) => obey(command, values) as never,

	release({ batch, values: { language, timeZone: zone = 'UTC' } }) {
		const { content, place, facts } = batch.body as Body;
		return { output: 0, content: telling(content, place, facts, language, zone) };
	},
});

/** For reminders: what a sender said, word for word, and pictures are not said again. */
function remembered({ content, files, place = 'message' }: Arrival) {
	const { raw: _, event, ...rest } = content;
	const { raw: __, ...told } = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
	const message = rest[place];
	const hasPicture = Object.keys(files).length > 0 && typeof message === 'object' && message !== null;
	const { image: ___, ...words } = (hasPicture ? message : {}) as Record<string, unknown>;
	const kept = {
		...rest,
		...(event !== undefined && { event: told }),
		...(hasPicture && { [place]: words }),
	};
	return JSON.stringify(kept).length < bounds.stateBytes / 8 ? { content: kept, place } : undefined;
}
