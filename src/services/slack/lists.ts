import { isChannelError } from '../../core/base/errors';
import { searching, type Asked, type Listed } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { bearer, type Calling } from './api';

const ofPeople = 'people:';

/** The channels that the bot may see, then the people. */
export const channelsAndPeople = (call: Calling & Asked): Promise<Listed> =>
	searching(call, async (cursor = '') => {
		if (cursor.startsWith(ofPeople)) return await peopleFrom(call, cursor.slice(ofPeople.length));
		const { items, next } = await channelsFrom(call, cursor);
		return { items, next: next ?? ofPeople };
	});

export const channels = (call: Calling & Asked): Promise<Listed> =>
	searching(call, (cursor = '') => channelsFrom(call, cursor));

export const people = (call: Calling & Asked): Promise<Listed> =>
	searching(call, async (cursor = '') => {
		const { items, next } = await peopleFrom(call, cursor);
		return { items, ...(next !== undefined && { next: next.slice(ofPeople.length) }) };
	});

async function channelsFrom(call: Calling, cursor: string): Promise<Listed> {
	const of = (types: string) =>
		asked(call, 'conversations.list', { types, exclude_archived: 'true', limit: '200', cursor });
	let answer: VendorJson;
	try {
		answer = await of('public_channel,private_channel');
	} catch (error) {
		// Without groups:read private ones cannot be listed, and with them nothing would be.
		if (!isChannelError(error) || error.code !== 'missing_scope') throw error;
		answer = await of('public_channel');
	}
	const found: VendorJson[] = answer.channels ?? [];
	return {
		items: found.map(({ id, name, is_private }) => ({
			value: String(id),
			name: `${is_private ? '🔒 ' : '#'}${name}`,
		})),
		next: answer.response_metadata?.next_cursor || undefined,
	};
}

async function peopleFrom(call: Calling, cursor: string): Promise<Listed> {
	const { members = [], response_metadata } = await asked(call, 'users.list', { limit: '200', cursor });
	const next: string = response_metadata?.next_cursor ?? '';
	return {
		items: (members as VendorJson[])
			.filter(({ deleted, is_bot, id }) => !deleted && !is_bot && id !== 'USLACKBOT')
			.map(({ id, name, real_name }) => ({ value: String(id), name: `@${real_name || name}` })),
		...(next !== '' && { next: ofPeople + next }),
	};
}

/** These methods take no JSON. */
const asked = ({ account, http }: Calling, method: string, { cursor, ...query }: Record<string, string>) =>
	http.get(`/${method}`, { query: { ...query, cursor: cursor || undefined }, headers: bearer(account) });
