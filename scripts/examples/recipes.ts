/** The examples of flow nodes: what came in, one node in the middle, who is told. */
import type { Text } from '../../src/core/base/language';
import type { Flow } from '../../src/core/define/flow';
import { isPassing, type Passing } from '../../src/core/define/passing';

export interface Recipe {
	/** Name of the file, and of the address that senders ring at. */
	file: string;
	title: Text;
	/** A flow node, by its id. */
	node: string;
	name: Text;
	/** How it differs from a new one. */
	settings: Readonly<Record<string, string | number | boolean>>;
	/** What it does. */
	note: Text;
	/** Types of events that the trigger lets in; without it all. */
	events?: readonly string[];
	/** Who stands behind which of its outputs, by a channel's id. */
	told: readonly { channel: string; name: Text; outputs: readonly number[] }[];
}

const phone: Text = { en: 'My phone', zh: '我的手机' };
const all = (count: number) => Array.from({ length: count }, (_, output) => output);

export const recipes: readonly Recipe[] = [
	{
		file: 'evening-episodes',
		title: { en: 'New episodes, once an evening', zh: '新剧集每晚汇总' },
		node: 'digest',
		name: { en: 'At eight in the evening', zh: '每晚八点' },
		settings: { when: 'at', times: '20:00' },
		events: ['library.added'],
		note: {
			en: 'What was added since yesterday comes at 20:00, one message a show: “S01E02–E05, E07 (5 new)”. One that came alone keeps its own text and poster.',
			zh: '从昨晚起新入库的内容在 20:00 发出，每部剧一条，写作“S01E02–E05、E07（新增 5 集）”。只有一条时保留原有的文字与海报。',
		},
		told: [{ channel: 'bark', name: phone, outputs: [0] }],
	},
	{
		file: 'failing-tasks',
		title: { en: 'Failed tasks, after three times', zh: '任务连续失败三次后提醒' },
		node: 'threshold',
		name: { en: 'After three failures', zh: '连续失败三次' },
		settings: { failures: 3 },
		note: {
			en: 'Once is no news: the third failure in a row is told, with how many there were since when, and so is the recovery. Each task is counted by itself; what tells of neither passes.',
			zh: '偶尔失败一次不必打扰：连续第三次失败时提醒，注明次数与开始时间，恢复时也会通知。各任务分别计数，与成败无关的消息原样通过。',
		},
		told: [{ channel: 'bark', name: phone, outputs: [0] }],
	},
	{
		file: 'noon-batch',
		title: { en: 'All tasks of a day, at twelve', zh: '每天十二点汇总签到' },
		node: 'digest',
		name: { en: 'At twelve, every day', zh: '每天十二点' },
		settings: { when: 'every', start: '12:00:00', every: 86_400, group: 'all' },
		note: {
			en: 'As QD’s batch: what came since the last one goes out at 12:00:00 as one message, the failures first, counted. For another pause change *Every (Seconds)*.',
			zh: '同 QD 的定时汇总：自上次以来的结果在 12:00:00 合并为一条，先列失败并计数。要改间隔，请修改“间隔秒数”。',
		},
		told: [{ channel: 'bark', name: phone, outputs: [0] }],
	},
	{
		file: 'quiet-nights',
		title: { en: 'Quiet at night, released at eight', zh: '夜间免打扰，早上八点放出' },
		node: 'quietHours',
		name: { en: 'Quiet until eight', zh: '八点前不打扰' },
		settings: { from: '22:30', to: '08:00' },
		note: {
			en: 'From 22:30 on messages wait on disk, and come at 08:00 as one. Failures ring at night, too.',
			zh: '22:30 起消息写入磁盘等待，08:00 合并为一条发出。失败消息夜间照常提醒。',
		},
		told: [{ channel: 'bark', name: phone, outputs: [0] }],
	},
	{
		file: 'message-switches',
		title: { en: 'MoviePilot’s switches by message type', zh: 'MoviePilot 消息类型开关' },
		node: 'route',
		name: { en: 'By message type', zh: '按消息类型' },
		settings: { preset: 'moviePilot' },
		note: {
			en: 'An output for each of MoviePilot’s message types, as its settings have them: wire each to the channels that shall hear of it. The last one is for what has another type.',
			zh: '每种 MoviePilot 消息类型对应一个输出端，与其设置一致：把各输出端连到需要通知的渠道。最后一个输出端给其他类型。',
		},
		told: [
			{ channel: 'bark', name: phone, outputs: [0, 1, 2, 5] },
			{
				channel: 'email',
				name: { en: 'My mail', zh: '我的邮箱' },
				outputs: all(9).filter((at) => ![0, 1, 2, 5].includes(at)),
			},
		],
	},
];

/** As its settings are, of a node whose outputs follow them: those of its preset. */
export function countOfOutputs(flow: Flow | Passing, settings: Recipe['settings']): number {
	const { presets } = (isPassing(flow) && flow.branches) || {};
	return flow.outputs.length + (presets ? (presets.rows[String(settings[presets.by])]?.length ?? 0) : 0);
}

export const recipeWords = {
	happened: { en: 'What happened', zh: '发生了什么' },
	in: { en: '1. Fill in the key, and point your senders here', zh: '1. 填写密钥，并把发送方指向这里' },
	inNote: {
		en: 'Give the trigger’s account a key of your choice; the node shows the whole address for your senders.',
		zh: '在触发器的账号中填写自定的密钥；节点会显示完整地址，填到发送方即可。',
	},
	middle: { en: '2. What happens here', zh: '2. 此处的处理' },
	out: { en: '3. Who is told: any channel, or several', zh: '3. 通知谁：任意渠道，可多个' },
	outNote: {
		en: 'Fill in the account of the channel, or put another one in its place.',
		zh: '填写渠道的账号，或换成其他渠道。',
	},
	published: {
		en: 'What it remembers is on disk, and survives restarts. Publish the workflow: what is held back comes out only then.',
		zh: '记住的内容写入磁盘，重启不丢。请发布工作流：暂存的消息在发布后才会放出。',
	},
} satisfies Record<string, Text>;
