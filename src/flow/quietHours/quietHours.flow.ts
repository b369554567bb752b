import { choice, choices, defineFlow, type Content } from '../../core/define/flow';
import { time, timeZone, weekdaysField } from '../../core/define/fields/times';
import { carriedIn, type Place } from '../../core/message/carried';
import type { Level } from '../../core/message/synonyms';
import { asItCame, kept, type Kept } from '../kept';
import { forWhom } from '../keys';
import { together } from '../together';
import { hear, obey, step, type Body } from './machine';

/** What comes while people sleep waits for the morning, unless it is urgent. */
export const quietHours = defineFlow({
	id: 'quietHours',
	set: 'flow',
	name: 'Quiet Hours',
	zh: '免打扰',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#readme',
	description: {
		en: 'Holds messages back at night and releases them in the morning; what is urgent passes',
		zh: '夜间暂存消息，早晨再发送；紧急消息照常通过',
	},
	aliases: ['Do not disturb', 'Night', 'Mute', 'Sleep', '勿扰', '夜间', '静音'],
	teaches: {
		en: 'Between two times of day messages wait on disk, and come out when it is over: as one, or one by one. What has one of the chosen levels passes at once. Quiet hours may go over midnight; the weekday is that on which they begin; from a time to the same is the whole day. A message with msg.flush lets out at once what is held, msg.reset discards it; in n8n an item with carillon.command set to "flush" or "reset".',
		zh: '在两个时刻之间，消息写入磁盘等待，结束后合并为一条或逐条送出；所选级别的消息立即通过。可跨越午夜，星期以开始的那天为准；起止相同表示全天。收到带 msg.flush 的消息立即放出暂存的内容，msg.reset 则丢弃；n8n 中为 carillon.command 设为 "flush" 或 "reset" 的条目。',
	},
	outputs: [
		{
			en: 'Out',
			zh: '输出',
			help: { en: 'What passes, and what was held once it is over', zh: '放行的消息，以及结束后放出的消息' },
		},
		{ en: 'Dropped', zh: '已丢弃', help: { en: 'The message as it came in', zh: '原样输出' } },
	],
	fields: {
		from: time('From', { zh: '开始', default: '22:30' }),
		to: time('To', {
			zh: '结束',
			default: '08:00',
			help: { en: 'The same as “From”: the whole day', zh: '与“开始”相同表示全天' },
		}),
		weekdays: weekdaysField(),
		levels: choices<Level>(
			'Let Through',
			{
				failure: ['Failures', '失败'],
				warning: ['Warnings', '警告'],
				success: ['Successes', '成功'],
				info: ['Information', '信息'],
			},
			{ zh: '仍放行', default: ['failure'] },
		),
		during: choice(
			'Meanwhile',
			{
				hold: ['Hold', '暂存'],
				silent: ['Send without a sound', '静音发送'],
				drop: ['Drop', '丢弃'],
			},
			{ zh: '期间', default: 'hold' },
		),
		release: choice(
			'Afterwards',
			{ digest: ['As one message', '合并为一条'], each: ['One by one', '逐条发送'] },
			{ zh: '结束后', default: 'digest', show: { during: ['hold'] } },
		),
		timeZone,
	},
	commands: ['flush', 'reset'],

	enter(arrival, values) {
		const { message } = carriedIn(arrival.content, arrival.place ?? 'message');
		return {
			key: forWhom('all', message),
			decide: hear((number) => kept(arrival, number, true), message.level, values) as never,
		};
	},
	passing: ({ content, place = 'message' }, { facts }) => (facts === undefined ? content : silenced(content, place)),
	step: (values) => step(values) as never,
	command: (command, values) => obey(command, values) as never,

	release({ batch, values: { language } }) {
		if ((batch.body as Body | undefined)?.isReset) return undefined;
		const [first, ...more] = batch.items as Kept[];
		if (first && more.length === 0 && batch.counted === 0) return asItCame(first);
		return together(batch, { shown: 20, language });
	},
});

/** What is no message of ours is one by its text. */
function silenced(content: Content, place: Place): Content {
	const message = content[place];
	const isObject = typeof message === 'object' && message !== null && !Array.isArray(message);
	const own = isObject ? message : carriedIn(content, place).message;
	return { ...content, [place]: { ...own, silent: true } };
}
