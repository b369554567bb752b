import { createHash } from 'node:crypto';
import { wxpusher } from './wxpusher.channel';
import { accessBy } from '../../core/define/access';
import { admissionOptions, chatAccess, parseCommand, type ChatEvent } from '../../core/receive/chat';
import { choices, list } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { defineTrigger, Refusal } from '../../core/define/trigger';
import { answeredByChannel } from '../../core/receive/answered';
import { chatBytes, checkKey, objectIn, timeOf, wordOf } from '../../core/receive/chatRequests';

const options = {
	events: choices(
		'Events',
		{
			send_up_cmd: ['Messages from users', '用户上行消息'],
			app_subscribe: ['New subscribers', '新用户关注'],
			order_pay: ['Payments', '付费订单'],
			other: ['Everything else', '其他'],
		},
		{ zh: '事件', default: ['send_up_cmd', 'app_subscribe'] },
	),
	appIds: list('App ids', {
		zh: '应用 ID',
		optional: true,
		placeholder: '1234',
		help: { en: 'Only of these applications; empty: of any', zh: '只接收这些应用的回调；留空表示全部' },
	}),
	...admissionOptions,
};

/** What people send up to a WxPusher application. */
export const wxpusherTrigger = defineTrigger<typeof wxpusher.account, typeof options>({
	id: 'wxpusherTrigger',
	set: 'push',
	name: 'WxPusher Trigger',
	zh: 'WxPusher 触发器',
	docs: 'https://wxpusher.zjiecode.com/docs/',
	description: {
		en: 'Messages and subscriptions of WxPusher’s users. Put this trigger’s address into the application’s “Event callback address”',
		zh: '接收 WxPusher 用户的上行消息与关注事件。把触发器地址填入应用的“事件回调地址”',
	},
	aliases: ['微信推送', '上行消息', '微信', 'WeChat'],
	accountOf: 'wxpusher',
	account: wxpusher.account,
	options,
	maxBytes: () => chatBytes,

	access: ({ account, options }) => chatAccess(accessBy(wxpusher.account, account, ['callbackKey']), options),

	authorize({ request, account }) {
		checkKey(request, account.callbackKey as string | undefined);
	},

	receive({ request, account, options, now }) {
		const said = objectIn(request.body, { en: 'WxPusher', zh: ' WxPusher ' });
		const app = wordOf(said.data?.appId);
		if (options.appIds.length > 0 && !options.appIds.includes(app)) {
			throw new Refusal(403, {
				en: 'This callback belongs to another application: its id is not on the list “App ids”.',
				zh: '该回调属于其他应用：其 ID 不在“应用 ID”列表中。',
			});
		}
		const event = eventOf(said, request.body, now);
		const kind = event.kind in known ? event.kind : 'other';
		if (options.events.length > 0 && !(options.events as string[]).includes(kind)) return { events: [] };
		return answeredByChannel(wxpusher, event, { account, options }, undefined, aboutOf(kind));
	},
});

const known = options.events.options as Readonly<Record<string, unknown>>;

/** What the form calls it. */
function aboutOf(kind: string): Text | undefined {
	const { en = '', zh = '' } = (known[kind] as Partial<Text> | undefined) ?? {};
	return kind === 'other' || !en ? undefined : { en, zh };
}

function eventOf(said: VendorJson, body: Uint8Array, now: number): ChatEvent {
	const data: VendorJson = said.data ?? {};
	const user = wordOf(data.uid);
	const text = wordOf(data.content);
	const name = wordOf(data.userName);
	const app = wordOf(data.appName);
	return {
		channel: 'wxpusher',
		conversation: { id: user, kind: 'private', ...(app && { name: app }) },
		user: { id: user, ...(name && { name }) },
		admin: false,
		text,
		...parseCommand(text),
		replyTo: user,
		// Nothing has an id here; the same body is the same happening.
		messageId: createHash('sha256').update(body).digest('hex').slice(0, 32),
		time: timeOf(data.time ?? data.createTime, now),
		kind: wordOf(said.action) || 'other',
		raw: said,
	};
}
