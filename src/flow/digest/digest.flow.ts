import { choice, defineFlow, list, number, text, toggle } from '../../core/define/flow';
import { seconds, time, timeZone, weekdaysField } from '../../core/define/fields/times';
import { mustBeTime } from '../../core/base/wallClock';
import { asItCame, kept, type Kept } from '../kept';
import { together } from '../together';
import { keyOf } from './key';
import { collect, obey, step, type Body } from './machine';

/** What comes in close together, or until a time, goes out as one message. */
export const digest = defineFlow({
	id: 'digest',
	set: 'flow',
	name: 'Digest',
	zh: '汇总',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#readme',
	description: {
		en: 'Collects messages and sends them as one: twenty episodes as one line, a day of tasks at noon, a flood as a trickle',
		zh: '收集多条消息并合并为一条：二十集合成一行，一天的任务中午汇总，消息过多时限流',
	},
	aliases: ['Batch', 'Group', 'Rate limit', 'Throttle', 'Recently added', '批量', '合并', '限流', '最近添加'],
	teaches: {
		en: 'Messages wait on disk until they are due, and come out as one that reads as a person would write it: episodes of one show by their numbers, tracks by their album, tasks by how they went. One that waited alone comes out as it was, with its picture. A restart loses nothing, and nothing starts over. A message with msg.flush lets out at once what waits, msg.reset discards it: true for all, or a key; in n8n an item with carillon.command set to "flush" or "reset".',
		zh: '消息先写入磁盘，到时合并为一条，写法如同人工编写：同一剧集按集号、曲目按专辑、任务按成败归纳。只有一条时原样输出，保留图片。重启不会丢失，也不会重新计时。收到带 msg.flush 的消息立即放出等待的内容，msg.reset 则丢弃：值为 true 表示全部，或填分组键；n8n 中为 carillon.command 设为 "flush" 或 "reset" 的条目。',
	},
	outputs: [
		{
			en: 'Out',
			zh: '输出',
			help: {
				en: 'One message for all that waited, with carillon.digest.count; one that waited alone as it came in',
				zh: '合并后的一条消息，附带 carillon.digest.count；只有一条时原样输出',
			},
		},
	],
	fields: {
		when: choice(
			'When',
			{
				quiet: ['After a pause (recently added, as in Tautulli)', '静默后（同 Tautulli 的最近添加）'],
				every: ['At a time, and every N seconds after (as QD’s batch)', '每隔一段时间（同 QD 的定时汇总）'],
				at: ['At times of day', '定时'],
				count: ['When so many wait', '满 N 条'],
				rate: ['Only what exceeds a rate', '仅超量时'],
			},
			{ zh: '何时汇总', default: 'quiet' },
		),
		quiet: seconds('Pause (Seconds)', {
			zh: '静默秒数',
			default: 60,
			min: 1,
			show: { when: ['quiet'] },
			help: { en: 'Nothing more came for so long', zh: '在此时间内没有新消息' },
		}),
		maxWait: seconds('Wait at Most (Seconds)', {
			zh: '最长等待（秒）',
			default: 900,
			min: 1,
			show: { when: ['quiet', 'count'] },
			help: { en: 'After the first one, be there a pause or not', zh: '从第一条算起，到时即发送' },
		}),
		start: time('First Time', {
			zh: '首次时间',
			default: '12:00:00',
			show: { when: ['every'] },
		}),
		every: seconds('Every (Seconds)', {
			zh: '间隔秒数',
			default: 86_400,
			min: 1,
			show: { when: ['every'] },
			help: {
				en: 'Multiples of 86,400 are days of the calendar, at that time of day; anything else is so many seconds',
				zh: '86400 的倍数按日历天计算，固定在该时刻；其他值按实际秒数计算',
			},
		}),
		times: list('Times of Day', {
			zh: '时刻',
			default: ['08:00'],
			show: { when: ['at'] },
			check: (times) => times.map(mustBeTime).find((complaint) => complaint !== undefined),
			help: { en: 'Separated by commas: 08:00, 20:00', zh: '用逗号分隔：08:00, 20:00' },
		}),
		weekdays: weekdaysField({ when: ['at'] }),
		count: number('Messages', {
			zh: '条数',
			default: 10,
			min: 1,
			max: 1_000,
			integer: true,
			show: { when: ['count'] },
		}),
		first: number('Let Through First', {
			zh: '先放行',
			default: 5,
			min: 1,
			max: 1_000,
			integer: true,
			show: { when: ['rate'] },
			help: { en: 'So many pass at once; what is more is collected', zh: '先放行的条数，超出的部分汇总' },
		}),
		per: seconds('Per (Seconds)', { zh: '每…秒', default: 60, min: 1, show: { when: ['rate'] } }),
		group: choice(
			'Together',
			{
				auto: ['What belongs together', '自动归类'],
				all: ['All of it', '全部合并'],
				key: ['What has the same key', '按分组键'],
			},
			{
				zh: '合并方式',
				default: 'auto',
				help: {
					en: 'What belongs together: series and season, album, else type and source. What is for different recipients is never put together',
					zh: '自动归类：按剧集与季、专辑，否则按类型与来源。发给不同接收者的消息不会合并',
				},
			},
		),
		key: text('Key', {
			zh: '分组键',
			show: { group: ['key'] },
			help: { en: 'Messages of the same key are put together', zh: '分组键相同的消息会合并' },
		}),
		single: toggle('One Alone As It Is', {
			zh: '仅一条时原样发送',
			default: true,
			help: { en: 'With its own text and picture', zh: '保留原有的文字与图片' },
		}),
		shown: number('Name at Most', {
			zh: '最多列出',
			default: 20,
			min: 1,
			max: 200,
			integer: true,
			help: { en: 'Of more it is said how many they are', zh: '其余只注明数量' },
		}),
		timeZone,
	},
	each: ['key'],
	commands: ['flush', 'reset'],

	enter: (arrival, values) => ({
		key: keyOf(arrival, values),
		decide: collect(
			(number, withFiles) => kept(arrival, number, withFiles),
			Object.keys(arrival.files).length > 0,
			values,
		) as never,
	}),
	step: (values, why) => step(values, why) as never,
	command: (command, values) => obey(command, values) as never,

	release({ batch, values: { single, shown, language } }) {
		if ((batch.body as Body | undefined)?.isReset) return undefined;
		const [first, ...more] = batch.items as Kept[];
		if (first && more.length === 0 && batch.counted === 0 && single) return asItCame(first);
		return together(batch, { shown, language });
	},
});
