import { searching, type Asked, type Listed } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { ask } from './appApi';
import type { Calling } from './appFields';

/** The groups that the bot is in. */
export const chats = (call: Calling & Asked): Promise<Listed> =>
	searching(call, async (cursor) => {
		const { data } = await ask(call, 'GET', '/open-apis/im/v1/chats', {
			query: { page_size: 100, page_token: cursor },
		});
		const found: VendorJson[] = data?.items ?? [];
		return {
			items: found.map(({ chat_id, name, description }) => ({
				value: String(chat_id),
				name: String(name || chat_id),
				...(description && { description: String(description) }),
			})),
			next: data?.has_more ? data.page_token : undefined,
		};
	});
