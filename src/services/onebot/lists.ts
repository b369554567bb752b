import { matching, type Asked, type Listed } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { withCalls, type OneBotCall } from './calls';

/** The bot's groups, then its friends. */
export const groupsAndFriends = (call: OneBotCall & Asked): Promise<Listed> =>
	withCalls(call, async (api) => {
		const groups: VendorJson[] = (await api('get_group_list', {}, true)).data ?? [];
		const friends: VendorJson[] = (await api('get_friend_list', {}, true)).data ?? [];
		const items = [
			...groups.map(({ group_id, group_name }) => ({
				value: `group:${group_id}`,
				name: String(group_name || group_id),
				description: String(group_id),
			})),
			...friends.map(({ user_id, nickname, remark }) => ({
				value: `private:${user_id}`,
				name: String(remark || nickname || user_id),
				description: String(user_id),
			})),
		];
		return { items: matching(items, call.search) };
	});
