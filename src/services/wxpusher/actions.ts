import { action, number, text, toggle } from '../../core/define/channel';
import { atMost } from '../../core/define/fields/atMost';
import { tokenOf, type wxpusherAccount } from './account';

/** What an application can do besides sending. */
export const wxpusherActions = {
	queryStatus: action<typeof wxpusherAccount>()({
		name: 'Query Status',
		zh: '查询发送状态',
		description: { en: 'Whether a message was sent, within seven days', zh: '查询消息是否已发送，7 天内有效' },
		fields: {
			sendRecordId: text('Send record id', {
				zh: '发送记录 ID',
				help: { en: '“sendRecordIds” of the receipt’s handle', zh: '回执 handle 中的 sendRecordIds' },
			}),
		},
		run: ({ http, input }) => http.get('/api/send/query/status', { query: { sendRecordId: input.sendRecordId } }),
	}),
	deleteMessage: action<typeof wxpusherAccount>()({
		name: 'Delete Message',
		zh: '删除消息',
		description: {
			en: 'Removes the page with the full text; the card in WeChat stays',
			zh: '删除消息详情页；微信中的卡片仍会保留',
		},
		fields: { messageContentId: text('Message content id', { zh: '消息内容 ID' }) },
		run: async ({ account, http, input }) =>
			(
				await http.call('DELETE', '/api/send/message', {
					query: { messageContentId: input.messageContentId, appToken: tokenOf(account) },
					idempotent: true,
				})
			).json,
	}),
	createQrcode: action<typeof wxpusherAccount>()({
		name: 'Create QR Code',
		zh: '创建带参二维码',
		resource: 'contact',
		fields: {
			extra: text('Parameter', {
				zh: '携带参数',
				help: {
					en: 'Comes back when a user follows by it, up to 64 characters',
					zh: '用户扫码关注时带回，最多 64 个字符',
				},
				check: atMost(64),
			}),
			validTime: number('Valid for (seconds)', {
				zh: '有效期（秒）',
				default: 1_800,
				min: 1,
				max: 2_592_000,
				integer: true,
			}),
		},
		run: ({ account, http, input }) =>
			http.post('/api/fun/create/qrcode', {
				json: { appToken: tokenOf(account), extra: input.extra, validTime: input.validTime },
			}),
	}),
	getScanUid: action<typeof wxpusherAccount>()({
		name: 'Get Scan UID',
		zh: '查询扫码用户 UID',
		resource: 'contact',
		description: {
			en: 'Who scanned a QR code last; ask at most every ten seconds',
			zh: '最后扫码的用户；轮询间隔不得小于 10 秒',
		},
		fields: { code: text('QR code', { zh: '二维码 code' }) },
		run: ({ http, input }) => http.get('/api/fun/scan-qrcode-uid', { query: { code: input.code } }),
	}),
	listUsers: action<typeof wxpusherAccount>()({
		name: 'List Users',
		zh: '查询关注用户',
		resource: 'contact',
		fields: {
			page: number('Page', { zh: '页码', default: 1, min: 1, integer: true }),
			pageSize: number('Page size', { zh: '每页数量', default: 50, min: 1, max: 100, integer: true }),
			uid: text('UID', { zh: 'UID', optional: true }),
			isBlock: toggle('Blocked ones', { zh: '只看已拉黑' }),
		},
		run: ({ account, http, input }) =>
			http.get('/api/fun/wxuser/v2', {
				query: {
					appToken: tokenOf(account),
					page: input.page,
					pageSize: input.pageSize,
					uid: input.uid,
					isBlock: input.isBlock || undefined,
				},
			}),
	}),
};
