import type { Answer, Seen } from '../../service';

export const appToken = 'AT_abcdefghijklmnop0123456789';
export const spt = 'SPT_abcdefghijklmnop';

const yes = (data: unknown): Answer => ({ body: { code: 1000, msg: '处理成功', data, success: true } });
export const no = (code: number, msg: string): Answer => ({ body: { code, msg, data: null, success: false } });

/** WxPusher's API: refuses with HTTP 200 and a code. */
export function pushApi({ method, path, query, json }: Seen): Answer {
	switch (`${method} ${path}`) {
		case 'POST /api/send/message':
			if (json.appToken !== appToken) return no(1001, 'appToken不正确');
			if (!json.uids?.length && !json.topicIds?.length) return no(1001, 'uids和topicIds不能同时为空');
			if (
				![1, 2, 3].includes(json.contentType) ||
				[...json.content].length > 40_000 ||
				[...(json.summary ?? '')].length > 100
			)
				return no(1001, '参数错误');
			return yes([
				...(json.uids ?? []).map((uid: string) =>
					uid === 'UID_gone'
						? { uid, topicId: null, code: 1001, status: '用户没有关注你的应用' }
						: {
								uid,
								topicId: null,
								messageContentId: 123,
								sendRecordId: 456,
								code: 1000,
								status: '创建发送任务成功',
							},
				),
				...(json.topicIds ?? []).map((topicId: number) => ({
					uid: null,
					topicId,
					messageContentId: 123,
					sendRecordId: 789,
					code: 1000,
					status: '创建发送任务成功',
				})),
			]);
		case 'POST /api/send/message/simple-push': {
			const keys: string[] = json.sptList ?? [json.spt];
			if (keys.length > 10 || keys.some((key) => !/^SPT_/.test(key))) return no(1001, 'SPT不正确');
			return yes(keys.map((key) => ({ spt: key, messageContentId: 5, code: 1000, status: 'ok' })));
		}
		case 'GET /api/fun/wxuser/v2':
			return query.appToken === appToken ? yes({ total: 0, records: [] }) : no(1001, 'appToken不正确');
		default:
			return yes({ path, query, json });
	}
}
