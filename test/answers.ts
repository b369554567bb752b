import type { Answer, Seen } from './service';

/** How a service says yes to a text, as it was recorded, and what in it says so. */
export interface Yes {
	answer(request: Seen): Answer;
	/** Of the last answer: the places without which, or with another value in which, nothing is proven. */
	telling: readonly string[];
}

const always = (body: unknown, ...telling: string[]): Yes => ({ answer: () => ({ body }), telling });

/** By channel. Those that are missing take whatever their user calls a yes. */
export const yes: Readonly<Record<string, Yes>> = {
	bark: always({ code: 200, message: 'success', timestamp: 1_700_000_000 }, 'code'),
	dingtalk: always({ errcode: 0, errmsg: 'ok' }, 'errcode'),
	discord: always({ id: '1200000000000000000', type: 0, channel_id: '1', webhook_id: '1', content: '' }, 'id'),
	feishuApp: {
		answer: ({ path }) =>
			path.endsWith('/internal')
				? { body: { code: 0, msg: 'ok', tenant_access_token: 't-0123456789', expire: 7_200 } }
				: {
						body: {
							code: 0,
							msg: 'success',
							data: { message_id: 'om_1', chat_id: 'oc_1', msg_type: 'text' },
						},
					},
		telling: ['code', 'data', 'data.message_id'],
	},
	feishuRobot: always({ code: 0, msg: 'success', data: {} }, 'code'),
	gotify: always(
		{ id: 25, appid: 5, message: 'x', title: 'Backup', priority: 5, date: '2026-01-01T00:00:00Z' },
		'id',
	),
	mailgun: always({ id: '<20240101.1@example.com>', message: 'Queued. Thank you.' }, 'id'),
	mediaSaber: always({ code: 20_000, message: 'ok', data: null }, 'code'),
	ntfy: always(
		{
			id: 'hwQ2YpKdmg12',
			time: 1_700_000_000,
			expires: 1_700_043_200,
			event: 'message',
			topic: 'phone',
			message: 'x',
		},
		'id',
	),
	onebot: always(
		{ status: 'ok', retcode: 0, data: { message_id: 42 }, message: '', wording: '' },
		'status',
		'retcode',
	),
	pushPlus: always({ code: 200, msg: '请求成功', data: '0123456789abcdef0123456789abcdef', count: null }, 'code'),
	qmsg: always({ success: true, reason: '操作成功', code: 0, info: {} }, 'success'),
	serverChan: always(
		{ code: 0, message: '', data: { pushid: '1', readkey: 'r', error: 'SUCCESS', errno: 0 } },
		'code',
		'data.errno',
	),
	slack: always(
		{ ok: true, channel: 'C0123456789', ts: '1700000000.000100', message: { type: 'message', text: 'x' } },
		'ok',
		'ts',
	),
	slackWebhook: { answer: () => ({ body: 'ok' }), telling: [''] },
	sre24: always({ code: 202, msg: 'accepted' }, 'code'),
	synologyChat: always({ success: true }, 'success'),
	telegram: always(
		{ ok: true, result: { message_id: 7, date: 1_700_000_000, chat: { id: 1, type: 'private' }, text: 'x' } },
		'ok',
		'result',
		'result.message_id',
	),
	vocechat: { answer: () => ({ body: '47' }), telling: [''] },
	webPush: { answer: () => ({ status: 201, body: '' }), telling: [''] },
	wecomApp: {
		answer: ({ path }) =>
			path.endsWith('/gettoken')
				? { body: { errcode: 0, errmsg: 'ok', access_token: 't-0123456789', expires_in: 7_200 } }
				: { body: { errcode: 0, errmsg: 'ok', msgid: 'm', invaliduser: '', invalidparty: '' } },
		telling: ['errcode'],
	},
	wecomRobot: always({ errcode: 0, errmsg: 'ok' }, 'errcode'),
	wxpusher: always(
		{
			code: 1_000,
			msg: '处理成功',
			data: [{ uid: 'UID_1', messageContentId: 1, sendRecordId: 2, code: 1_000, status: '创建发送任务成功' }],
			success: true,
		},
		'code',
		'data',
		'data.0',
		'data.0.code',
	),
	xxtui: always({ code: 0, message: 'success', data: '1' }, 'code'),
};

/** What an answer holds, of a text that is JSON too. */
export function parsedBody({ body }: Answer): unknown {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
