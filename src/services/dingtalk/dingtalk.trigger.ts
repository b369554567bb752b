import { createHmac } from 'node:crypto';
import { dingtalk } from './dingtalk.channel';
import { accessBy } from '../../core/define/access';
import { admissionOptions, admit, chatHappening, wordless } from '../../core/receive/chat';
import { invalid } from '../../core/base/errors';
import { choice, choices } from '../../core/base/field';
import { defineTrigger, Refusal } from '../../core/define/trigger';
import { answeredByChannel } from '../../core/receive/answered';
import { chatBytes, objectIn, sayJson } from '../../core/receive/chatRequests';
import { readEvent, readSaid } from './messages';
import { listen, type Ear } from './stream';
import { firstTime } from '../../core/receive/firstTime';
import { writings } from '../../core/receive/written';
import { isSame } from '../../core/receive/isSame';
import { sayInPlace, unanswered } from '../../core/receive/sayInPlace';
import { standBy } from '../../core/sockets/standBy';

const options = {
	mode: choice(
		'Receive by',
		{ webhook: ['HTTP', 'HTTP'], stream: ['Stream', 'Stream 模式'] },
		{
			zh: '接收方式',
			default: 'webhook',
			help: {
				en: 'As the app’s robot settings say. HTTP needs a public address: put this trigger’s address into “Message receiving address”. Stream needs none, but the app’s client ID',
				zh: '与应用的机器人配置一致。HTTP 模式需要公网地址：把触发器地址填入“消息接收地址”；Stream 模式无需公网地址，但需要应用的 Client ID',
			},
		},
	),
	topics: choices(
		'Receive',
		{
			message: ['Messages to the robot', '发给机器人的消息'],
			event: ['Events that the app is subscribed to', '应用订阅的事件'],
		},
		{
			zh: '接收内容',
			default: ['message'],
			show: { mode: ['stream'] },
			help: {
				en: 'Events are chosen under “Events and callbacks” of the app. None chosen: both',
				zh: '事件在应用的“事件与回调”中勾选。不选则接收全部',
			},
		},
	),
	...admissionOptions,
};

/** What is said to the robot of a DingTalk app, and what happens around it. */
export const dingtalkTrigger = defineTrigger<typeof dingtalk.account, typeof options>({
	id: 'dingtalkTrigger',
	set: 'work',
	name: 'DingTalk Trigger',
	zh: '钉钉触发器',
	docs: 'https://open.dingtalk.com/document/isvapp/receive-message',
	description: {
		en: 'Messages to the robot of a DingTalk app, and the app’s events: by HTTP, or by Stream without a public address',
		zh: '接收发给钉钉企业应用机器人的消息与应用事件：HTTP 模式，或无需公网地址的 Stream 模式',
	},
	aliases: ['钉钉', 'dingding', '机器人', 'bot'],
	accountOf: 'dingtalk',
	account: dingtalk.account,
	options,
	receives: { mode: ['webhook'] },
	maxBytes: () => chatBytes,

	access({ account, options }) {
		if (options.mode === 'stream') return 'checked';
		if (account.robot !== 'app') throw noRobot;
		return accessBy(dingtalk.account, account, ['appSecret']);
	},

	authorize({ request: { headers }, account: { appSecret }, now }) {
		const { timestamp = '', sign = '' } = headers;
		const key = String(appSecret);
		if (!isSame(sign, createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64'))) {
			throw new Refusal(401, {
				en: 'The header sign is missing or wrong: copy the app’s secret from the developer console again.',
				zh: '请求头 sign 缺失或错误：请从开发者后台重新复制应用的 Client Secret。',
			});
		}
		if (!(Math.abs(now - Number(timestamp)) <= window)) {
			throw new Refusal(401, {
				en: 'The request is older than an hour, or the clock of this machine is off.',
				zh: '请求已超过一小时，或本机时间不准。',
			});
		}
	},

	receive({ request, account, options, now }) {
		const said = objectIn(request.body, { en: 'DingTalk', zh: '钉钉' });
		const { timestamp = '', sign = '' } = request.headers;
		return {
			...answeredByChannel(dingtalk, readSaid(said, now), { account, options }, sayJson({})),
			once: { signature: sign, signed: Number(timestamp), until: Number(timestamp) + window },
		};
	},

	async connect(connecting) {
		const { account, options, emit, status, signal } = connecting;
		if (options.mode === 'webhook') return await standBy(connecting, () => Promise.resolve(undefined));
		const clientId = account.clientId as string | undefined;
		const clientSecret = account.appSecret as string | undefined;
		if (clientId === undefined || clientSecret === undefined) throw noApp(clientId ? 'appSecret' : 'clientId');
		const isFirst = firstTime(1_000);
		const given = writings();
		const hear: Ear['hear'] = (topic, headers, data) => {
			const said = topic === 'message' ? readSaid(data, Date.now()) : readEvent(headers, data, Date.now());
			if (!isFirst(`${said.conversation.id}:${said.messageId}`)) return given.done;
			const { passes, event, answer } = admit(said, options, account.language);
			if (passes)
				given.add(emit(chatHappening(event, account.language, topic === 'message' ? wordless : undefined)));
			if (answer === undefined || event.replyTo === '') return given.done;
			sayInPlace(dingtalk, account, event.replyTo, answer, signal)
				.then((failure) => failure && !signal.aborted && status('connected', unanswered(failure.text)))
				.catch((error: Error) => status('connected', { en: error.message, zh: error.message }));
			return given.done;
		};
		const topics: Ear['topics'] = options.topics.length > 0 ? options.topics : ['message', 'event'];
		await listen({ account: { ...account, clientId, clientSecret }, topics, status, hear }, signal);
	},
});

const noRobot = invalid('robot', {
	en: 'Closed: choose the robot of an app in the account, and fill in “App secret”. A group’s robot cannot be spoken to.',
	zh: '已关闭：请在账号中选择企业应用机器人并填写 App Secret。群自定义机器人无法接收消息。',
});

const noApp = (field: string) =>
	invalid(field, {
		en: 'Choose the robot of an app in the account, and fill in “Client ID” and “App secret”: both stand under “Credentials” of the app.',
		zh: '请在账号中选择企业应用机器人，并填写 Client ID 与 App Secret：见应用的“凭证与基础信息”页面。',
	});

/** ms, as DingTalk demands. */
const window = 3_600_000;
