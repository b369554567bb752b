import { ChannelError, type Replies } from '../../core/define/channel';
import { unproven } from '../../core/http/proof';
import type { VendorJson } from '../../core/http/http';
import { fill } from '../../core/base/language';

const wrongKey = {
	is: 'Unauthorized',
	do: { en: 'Copy the appToken or SPT from WxPusher again.', zh: '请从 WxPusher 后台重新复制 appToken 或 SPT。' },
} as const;

const checkReceivers = {
	en: 'Check the UIDs and topic ids: the users must follow this very application.',
	zh: '请检查 UID 与主题 ID：用户必须已关注该应用。',
};

export const wxpusherReplies: Replies = {
	ok: (json) => json.code === 1000 && json.success !== false,
	code: (json) => json.code,
	says: (json) => json.msg,
	errors: [
		{ code: 1002, ...wrongKey },
		{ says: /token|SPT/i, ...wrongKey },
		{
			says: /频繁|太快|频率|QPS|上限|限流/i,
			is: 'RateLimited',
			retryAfter: 10,
			do: {
				en: 'WxPusher takes about 20 calls in 10 seconds: send fewer.',
				zh: 'WxPusher 每 10 秒约接受 20 次请求：请减少发送。',
			},
		},
		{
			says: /uid|topic|用户|主题|订阅|关注/i,
			is: 'Rejected',
			do: checkReceivers,
		},
	],
};

/** The answer as a whole is yes even where each single receiver got a no. */
export function outcome(raw: VendorJson) {
	const given: VendorJson[] = Array.isArray(raw.data) ? raw.data : [];
	const results = given.filter((each) => typeof each?.code === 'number');
	if (results.length === 0) throw unproven({ en: 'WxPusher', zh: 'WxPusher' });
	const refused = results.filter(({ code }) => code !== 1000);
	const sent = results.filter((each) => !refused.includes(each));
	const warnings = refused.map(({ uid, topicId, spt, code, status }) =>
		// A receiver's SPT is a key.
		fill(
			{ en: '{who} did not get it: {why} ({code}).', zh: '{who} 未收到：{why}（{code}）。' },
			{ who: uid ?? topicId ?? (spt ? 'SPT' : '?'), why: status ?? '?', code },
		),
	);
	if (sent.length === 0) {
		const first = warnings[0]!;
		throw new ChannelError(
			'Rejected',
			{
				en: `WxPusher sent it to nobody: ${first.en} ${checkReceivers.en}`,
				zh: `WxPusher 未发给任何人：${first.zh}${checkReceivers.zh}`,
			},
			{ code: String(refused[0].code) },
		);
	}
	const all = (key: string) =>
		[...new Set(sent.map((each) => each[key]).filter((value) => value !== undefined && value !== null))].map(
			String,
		);
	const messageContentIds = all('messageContentId');
	return {
		id: messageContentIds[0],
		handle: { messageContentIds, sendRecordIds: all('sendRecordId') },
		raw,
		warnings,
	};
}
