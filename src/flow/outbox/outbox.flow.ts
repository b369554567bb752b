import { defineFlow, number, text, toggle, type Arrival, type Departure, type FileFacts } from '../../core/define/flow';
import type { Held } from '../../core/state/store';
import { tooOld, verdict } from './verdict';

/** What is kept of a message, beside the bytes of its files. */
interface Kept {
	content: Arrival['content'];
	files: Record<string, FileFacts>;
}

/** The lane of a node that has but one. */
const whole = 'all';

/** What came in is kept until it is delivered, through whatever channels stand behind it. */
export const outbox = defineFlow({
	id: 'outbox',
	set: 'flow',
	name: 'Outbox',
	zh: '发件箱',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#readme',
	description: {
		en: 'Keeps messages on disk until the channels behind it have delivered them, through outages of days',
		zh: '把消息保存在磁盘上，直到其后的渠道送达为止，即使服务中断数天',
	},
	aliases: ['Queue', 'Retry', 'Store and forward', '队列', '重试', '离线'],
	teaches: {
		en: 'What comes in is on disk before it goes anywhere, and stays there until the channels behind the first output have told that it was delivered. What fails for a while is tried again after 30 seconds, then after growing pauses of up to an hour; where the account is refused, hourly. What a service refuses for good is given up at once. A part that was delivered is never sent again. A restart loses nothing. A failure that leaves by a channel’s own output for failures counts as taken care of.',
		zh: '收到的消息先写入磁盘，再继续处理，直到第一个输出端之后的渠道报告已送达。暂时失败的会在 30 秒后重试，间隔逐渐延长至一小时；账号被拒绝时每小时重试一次。服务明确拒绝的立即放弃。已送达的部分不会重复发送，重启也不会丢失消息。由渠道自己的失败输出口送出的，视为已处理。',
	},
	outputs: [
		{
			en: 'Deliver',
			zh: '投递',
			help: {
				en: 'The message as it came in. Put the channels behind it',
				zh: '原样输出的消息，其后连接渠道',
			},
		},
		{
			en: 'Given up',
			zh: '已放弃',
			help: {
				en: 'The message once more, with carillon.givenUp: reason (a sentence), attempts, since',
				zh: '再次输出该消息，并附带 carillon.givenUp：reason（原因）、attempts（次数）、since（收到时间）',
			},
		},
	],
	fields: {
		keepFor: number('Keep for (days)', {
			zh: '最长保留（天）',
			default: 3,
			min: 0.001,
			max: 30,
			help: {
				en: 'A message that could not be delivered for so long is given up, and comes out of the second output',
				zh: '超过此时间仍未送达的消息会被放弃，并从第二个输出端输出',
			},
		}),
		lane: text('Lane', {
			zh: '队列',
			optional: true,
			help: {
				en: 'Messages of one lane go one after the other, and a lane that waits holds up no other: the recipient, for example. Empty: the whole node is one lane',
				zh: '同一队列的消息逐条发送，某个队列等待时不影响其他队列，例如可填接收者。留空：整个节点为一个队列',
			},
		}),
		ordered: toggle('In order', {
			zh: '按序发送',
			default: true,
			help: {
				en: 'While the first message of a lane cannot be delivered, those behind it wait',
				zh: '队列中第一条消息未送达时，其后的消息会等待',
			},
		}),
		pace: number('Messages per second', {
			zh: '每秒条数',
			optional: true,
			min: 0.01,
			max: 1_000,
			help: { en: 'Empty: as fast as the channels allow', zh: '留空：以渠道允许的速度发送' },
		}),
		repeatUnknown: toggle('Repeat when in doubt', {
			zh: '结果不明时重发',
			default: true,
			help: {
				en: 'When the connection died before an answer came, send again: better twice than never. Off: given up as in doubt',
				zh: '连接在收到回复前中断时再发一次：宁可重复，不可遗漏。关闭：作为结果不明放弃',
			},
		}),
	},
	each: ['lane'],
	lists: true,

	enter({ content, files }, { lane = whole, ordered }) {
		const named = Object.entries(files);
		const body: Kept = {
			content,
			files: Object.fromEntries(named.map(([key, { name, mime }]) => [key, { name, mime }])),
		};
		const blobs = Object.fromEntries(named.map(([key, { data }]) => [key, data]));
		return {
			key: lane,
			decide: () => ({ batches: [{ body, blobs, ...(ordered && { lane }) }] }),
		};
	},

	release({ batch, values, note, now }) {
		const { content, files } = kept(batch);
		const why = givenUpIn(note) ?? tooOld(batch, values, now);
		if (!why) return { output: 0, content, files };
		const facts: GivenUp = { ...why, attempts: Math.max(0, batch.attempt - 1), since: isoTime(batch.madeAt) };
		return { output: 1, content: { ...content, carillon: { givenUp: facts } }, files };
	},

	judge(ended) {
		if (ended.departure.output === 1) return { dead: reasonIn(ended.departure) };
		const found = verdict(ended);
		return 'dead' in found ? { note: { givenUp: found.dead } } : found;
	},

	pace: ({ pace }) => pace,
	repeatUnknown: ({ repeatUnknown }) => repeatUnknown,
});

const kept = ({ body }: Held) => body as Kept;

/** What output 2 says of a message. */
interface GivenUp {
	/** A sentence. */
	reason: string;
	attempts: number;
	/** ISO 8601 */
	since: string;
}

/** The sentence that the last verdict noted. */
function givenUpIn(note: unknown): Pick<GivenUp, 'reason'> | undefined {
	const reason = (note as { givenUp?: unknown } | null | undefined)?.givenUp;
	return typeof reason === 'string' ? { reason } : undefined;
}

const reasonIn = ({ content }: Departure) => (content.carillon as { givenUp: GivenUp }).givenUp.reason;

const isoTime = (ms: number) => new Date(ms).toISOString();
