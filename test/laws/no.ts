import type { Answer } from '../service';

/** How each service says no to a message, for a reason that nobody has written down yet. */
export const no: Readonly<Record<string, Answer>> = {
	bark: { status: 400, body: { code: 400, message: 'push failed: NEW_REASON', timestamp: 1 } },
	dingtalk: { body: { errcode: 499_999, errmsg: 'new reason' } },
	discord: { status: 400, body: { code: 59_999, message: 'new reason' } },
	feishuApp: { status: 400, body: { code: 299_999, msg: 'new reason' } },
	feishuRobot: { body: { code: 99_999, msg: 'new reason' } },
	mailgun: { status: 400, body: { message: 'new reason' } },
	mediaSaber: { body: { code: 49_999, message: 'new reason' } },
	onebot: { body: { status: 'failed', retcode: 99_999, message: 'new reason', wording: 'new reason', data: null } },
	qmsg: { body: { success: false, reason: 'new reason', code: 99_999, info: {} } },
	serverChan: { body: { code: 49_999, message: 'new reason' } },
	slack: { body: { ok: false, error: 'new_reason' } },
	slackWebhook: { status: 400, body: 'new_reason' },
	sre24: { body: { code: 499, msg: 'new reason' } },
	synologyChat: { body: { success: false, error: { code: 99_999 } } },
	telegram: { status: 400, body: { ok: false, error_code: 400, description: 'Bad Request: NEW_REASON' } },
	vocechat: { status: 400, body: 'new reason' },
	webPush: { status: 400, body: { reason: 'NEW_REASON' } },
	webhook: { status: 422, body: { message: 'new reason' } },
	wecomApp: { body: { errcode: 99_999, errmsg: 'new reason' } },
	wecomRobot: { body: { errcode: 99_999, errmsg: 'new reason' } },
	wxpusher: { body: { code: 1_099, msg: 'new reason', data: null, success: false } },
	xxtui: { body: { code: 99_999, message: 'new reason', data: null } },
};
