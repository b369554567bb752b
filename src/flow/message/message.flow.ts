import { choice, ChannelError, definePassing, multiline, text } from '../../core/define/passing';
import { compose, formatField, messageFields } from '../../core/message/compose';
import type { Text } from '../../core/base/language';
import { readMessage } from '../../core/message/message';

/** The parts of a message beyond its text. */
const parts = {
	to: text('To', {
		zh: '接收者',
		optional: true,
		help: {
			en: 'The recipient, where the channels behind allow the message to choose',
			zh: '接收者，须其后的渠道允许由消息指定',
		},
	}),
	...messageFields,
};

const fields = {
	start: choice(
		'Start from',
		{
			incoming: ['The incoming message', '传入的消息'],
			empty: ['An empty one', '空消息'],
		},
		{
			zh: '起点',
			default: 'incoming',
			help: {
				en: 'Whatever stays empty here comes from the incoming message, or is not there',
				zh: '此处留空的内容取自传入的消息，或没有该项',
			},
		},
	),
	title: text('Title', { zh: '标题', optional: true }),
	body: multiline('Message', {
		zh: '正文',
		optional: true,
		help: {
			en: 'A text or a message object; anything else becomes indented JSON',
			zh: '文本或消息对象；其他内容转为缩进的 JSON',
		},
	}),
	format: formatField,
	...parts,
};

/** Composed once, for every channel behind it. */
export const message = definePassing({
	id: 'message',
	set: 'flow',
	name: 'Message',
	zh: '消息',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#readme',
	description: {
		en: 'Composes a message once, for all the channels behind it',
		zh: '组合一条消息，供其后的所有渠道发送',
	},
	aliases: ['Compose', 'Template', 'Set', '组合', '模板', '编辑'],
	teaches: {
		en: 'For flows that begin elsewhere: a schedule, a request, MQTT. The channels behind send the message as if it had come from a trigger of ours, each as well as its service can show it.',
		zh: '适用于从别处开始的流程：定时、HTTP 请求、MQTT 等。其后的渠道会像对待触发器的消息一样，按各自服务所能呈现的方式发送。',
	},
	outputs: [
		{
			en: 'Message',
			zh: '消息',
			help: {
				en: 'What came in, with the message: json.message in n8n, msg.payload in Node-RED',
				zh: '传入的内容，并带上组合好的消息：n8n 中为 json.message，Node-RED 中为 msg.payload',
			},
		},
	],
	fields,
	each: Object.keys(fields).filter((key) => key !== 'start') as (keyof typeof fields)[],
	details: Object.keys(parts) as (keyof typeof parts)[],
	unread: Object.keys(fields).filter((key) => key !== 'start') as (keyof typeof fields)[],
	imports: true,

	pass({ incoming }, { start, title, body, format, language, ...more }, leftOut) {
		const { to, ...said } = usable(more, leftOut);
		const own = { title, body, format, language, more: said };
		const composed = compose(own, start === 'incoming' ? incoming : undefined);
		const whole = { ...composed, ...(isGiven(to) && { to }) };
		return { outputs: [0], message: readMessage(whole, (_part, why) => leftOut(why)) };
	},
});

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';

/** Those that can be used; each is tried by itself. */
function usable(more: Readonly<Record<string, unknown>>, leftOut: (why: Text) => void): Record<string, unknown> {
	const left = Object.entries(more).filter(([key, value]) => {
		if (key === 'to') return true;
		try {
			compose({ body: '-', more: { [key]: value } });
			return true;
		} catch (error) {
			if (!(error instanceof ChannelError)) throw error;
			leftOut(error.text);
			return false;
		}
	});
	return Object.fromEntries(left);
}
