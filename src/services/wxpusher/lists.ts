import { searching, type Asked, type Call, type Listed } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { tokenOf, type wxpusherAccount } from './account';

const pageSize = 100;

/** Who follows the application. Topics are listed on the service's site alone. */
export const followers = (call: Pick<Call<typeof wxpusherAccount>, 'account' | 'http'> & Asked): Promise<Listed> =>
	searching(call, async (cursor = '1') => {
		const page = Number(cursor);
		const { data } = await call.http.get('/api/fun/wxuser/v2', {
			query: { appToken: tokenOf(call.account), page, pageSize },
		});
		const found: VendorJson[] = data?.records ?? [];
		return {
			items: found.map(({ uid, nickName }) => ({
				value: String(uid),
				name: String(nickName || uid),
				...(nickName && { description: String(uid) }),
			})),
			next: found.length === pageSize ? String(page + 1) : undefined,
		};
	});
