import { createHmac } from 'node:crypto';
import { slack } from './slack.channel';
import { accessBy } from '../../core/define/access';
import { admissionOptions, admit, chatHappening } from '../../core/receive/chat';
import { invalid } from '../../core/base/errors';
import { choice, choices, toggle, type Values } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import { defineTrigger, Refusal, type IncomingRequest, type Receiving } from '../../core/define/trigger';
import { answeredByChannel } from '../../core/receive/answered';
import { chatBytes, objectIn, sayJson } from '../../core/receive/chatRequests';
import { firstTime } from '../../core/receive/firstTime';
import { writings } from '../../core/receive/written';
import { isSame } from '../../core/receive/isSame';
import { sayInPlace, unanswered } from '../../core/receive/sayInPlace';
import { aboutOf, readPayload, slackKinds, type PayloadType, type SlackEvent } from './payloads';
import { listen, responseOf, type Ear } from './socketMode';
import { standBy } from '../../core/sockets/standBy';

type Kind = keyof typeof slackKinds;

const options = {
	mode: choice(
		'Receive by',
		{ socket: ['Socket Mode', 'Socket Mode'], http: ['HTTP', 'HTTP'] },
		{
			zh: '接收方式',
			default: 'socket',
			help: {
				en: 'Socket Mode needs no public address, but an app-level token. For HTTP, this node’s address goes into the app’s event subscriptions, slash commands and interactivity',
				zh: 'Socket Mode 无需公网地址，但需要应用级令牌。使用 HTTP 时，请将本节点地址填入应用的 Event Subscriptions、Slash Commands 与 Interactivity',
			},
		},
	),
	kinds: choices('Events', slackKinds as { [K in Kind]: readonly [string, string] }, {
		zh: '事件',
		default: ['message', 'mention', 'command', 'shortcut', 'action'],
		help: { en: 'None chosen: all of them', zh: '不选则接收全部' },
	}),
	bots: toggle('Messages of bots', {
		zh: '接收机器人消息',
		help: {
			en: 'Take care: this app’s own messages come back too',
			zh: '请注意：本应用自己发出的消息也会收到',
		},
	}),
	...admissionOptions,
};

type Options = Values<typeof options>;
type Account = typeof slack.account;
type Here = Receiving<Account, typeof options>;

/** Seconds that a request may be away from our clock. */
const window = 300;

/** What is said, called and pressed in Slack. */
export const slackTrigger = defineTrigger<Account, typeof options>({
	id: 'slackTrigger',
	set: 'work',
	name: 'Slack Trigger',
	zh: 'Slack 触发器',
	docs: 'https://docs.slack.dev/apis/events-api/using-socket-mode',
	description: {
		en: 'Messages, mentions, slash commands, shortcuts and pressed buttons of a Slack app, by Socket Mode or HTTP',
		zh: '接收 Slack 应用的消息、提及、斜杠命令、快捷操作与按钮点击，支持 Socket Mode 与 HTTP',
	},
	aliases: ['Socket Mode', '斜杠命令'],
	accountOf: 'slack',
	account: slack.account,
	options,
	receives: { mode: ['http'] },
	maxBytes: () => chatBytes,

	access({ account, options }) {
		if (options.mode === 'socket') return 'checked';
		signingSecretOf(account);
		return accessBy(slack.account, account, ['signingSecret']);
	},

	authorize({ request: { headers }, now }) {
		const timestamp = headers['x-slack-request-timestamp'] ?? '';
		if (!/^v0=[0-9a-f]{64}$/.test(headers['x-slack-signature'] ?? '') || !/^\d{1,12}$/.test(timestamp)) {
			throw new Refusal(401, {
				en: 'This is no request of Slack’s: it is not signed.',
				zh: '这不是 Slack 的请求：没有签名。',
			});
		}
		if (Math.abs(now / 1000 - Number(timestamp)) > window) {
			throw new Refusal(401, {
				en: 'The request is too old or comes from the future: check this machine’s clock.',
				zh: '请求的时间偏差过大：请检查本机时钟。',
			});
		}
	},

	receive(receiving) {
		const { request, account, options, now } = receiving;
		verifySignature(receiving);
		const { type, payload } = payloadOf(request);
		if (payload.type === 'url_verification' && typeof payload.challenge === 'string') {
			return {
				events: [],
				reply: { status: 200, headers: { 'content-type': 'text/plain' }, body: payload.challenge },
			};
		}
		const event = readPayload(type, payload, now);
		if (!isWanted(event, options)) return { events: [], reply: silence };
		if (type !== 'slash_commands')
			return answeredByChannel(slack, event.said, { account, options }, silence, aboutOf(event));
		const { passes, event: said, answer } = admit(event.said, options, account.language);
		return {
			events: passes ? [chatHappening(said, account.language, aboutOf(event))] : [],
			reply: answer === undefined ? silence : sayJson(responseOf(answer)),
		};
	},

	async connect(connecting) {
		const { account, options, emit, status, signal } = connecting;
		if (options.mode === 'http') return await standBy(connecting, () => Promise.resolve(undefined));
		if (account.appToken === undefined) throw noAppToken;
		const isFirst = firstTime(1_000);
		const given = writings();
		const hear: Ear['hear'] = (type, payload) => {
			const read = readPayload(type, payload, Date.now());
			// A mention is told twice, as itself and as a message; what was not acknowledged in time comes again.
			if (!isWanted(read, options)) return {};
			if (!isFirst(`${read.said.conversation.id}:${read.said.messageId}`)) return { written: given.done };
			const { passes, event, answer } = admit(read.said, options, account.language);
			if (passes) given.add(emit(chatHappening(event, account.language, aboutOf(read))));
			const { done: written } = given;
			if (answer === undefined || type === 'slash_commands') return { answer, written };
			sayInPlace(slack, account, event.replyTo, answer, signal)
				.then((failure) => failure && !signal.aborted && status('connected', unanswered(failure.text)))
				.catch((error: Error) => status('connected', { en: error.message, zh: error.message }));
			return { written };
		};
		await listen({ account: account as unknown as Ear['account'], status, hear }, signal);
	},
});

/** An app takes any body of an answer to a command for something to show. */
const silence = { status: 200, body: '' };

function isWanted({ kind, isOfBot }: SlackEvent, { kinds, bots }: Options): boolean {
	return (kinds.length === 0 || kinds.includes(kind)) && (bots || !isOfBot);
}

function signingSecretOf({ signingSecret }: Values<Account>): string {
	if (typeof signingSecret === 'string') return signingSecret;
	throw invalid('signingSecret', {
		en: 'Closed: fill in the signing secret of the account. It stands under “Basic Information” of the app.',
		zh: '已关闭：请在账号中填写签名密钥。见应用的 Basic Information 页面。',
	});
}

const noAppToken = invalid('appToken', {
	en: 'Fill in the app-level token of the account: create one with the scope connections:write under “Basic Information” of the app.',
	zh: '请在账号中填写应用级令牌：在应用的 Basic Information 页面创建，需要 connections:write 权限。',
});

function verifySignature({ request: { headers, body }, account }: Here): void {
	const signature = createHmac('sha256', signingSecretOf(account))
		.update(`v0:${headers['x-slack-request-timestamp']}:`)
		.update(body)
		.digest('hex');
	if (isSame(headers['x-slack-signature'] ?? '', `v0=${signature}`)) return;
	throw new Refusal(401, {
		en: 'The signature does not match: check the signing secret of the account.',
		zh: '签名不匹配：请检查账号中的签名密钥。',
	});
}

/** Events come as JSON; commands as a form, and what is pressed as JSON within one. */
function payloadOf({ headers, body }: IncomingRequest): { type: PayloadType; payload: VendorJson } {
	const name = { en: 'Slack', zh: 'Slack' };
	if (!/x-www-form-urlencoded/i.test(headers['content-type'] ?? ''))
		return { type: 'events_api', payload: objectIn(body, name) };
	const form = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString('utf8')));
	return form.payload === undefined
		? { type: 'slash_commands', payload: form }
		: { type: 'interactive', payload: objectIn(Buffer.from(form.payload), name) };
}
