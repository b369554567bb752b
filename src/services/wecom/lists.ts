import { isChannelError } from '../../core/base/errors';
import { matching, type Asked, type Item, type Listed } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { ask } from './appApi';
import type { Calling } from './appFields';

/** Departments with their people, then tags: as much of them as the app may see. */
export async function recipients(call: Calling & Asked): Promise<Listed> {
	const departments: VendorJson[] = (await ask(call, 'GET', '/cgi-bin/department/list', {})).department ?? [];
	// Those below come with the topmost that are seen.
	const seen = new Set(departments.map(({ id }) => id));
	const topmost = departments.filter(({ parentid }) => !seen.has(parentid));
	const people = new Map<string, Item>();
	for (const { id } of topmost) {
		const found = await ask(call, 'GET', '/cgi-bin/user/simplelist', {
			query: { department_id: id, fetch_child: 1 },
		});
		for (const { userid, name } of (found.userlist ?? []) as VendorJson[])
			people.set(userid, { value: String(userid), name: String(name || userid), description: String(userid) });
	}
	const tags = await tagsOf(call);
	const items: Item[] = [
		{ value: '@all', name: '@all' },
		...people.values(),
		...departments.map(({ id, name }) => ({
			value: `party:${id}`,
			name: String(name || id),
			description: `party:${id}`,
		})),
		...tags.map(({ tagid, tagname }) => ({
			value: `tag:${tagid}`,
			name: String(tagname),
			description: `tag:${tagid}`,
		})),
	];
	return { items: matching(items, call.search) };
}

/** Not every app may list tags; the others are worth showing all the same. */
async function tagsOf(call: Calling): Promise<VendorJson[]> {
	try {
		return (await ask(call, 'GET', '/cgi-bin/tag/list', {})).taglist ?? [];
	} catch (error) {
		if (!isChannelError(error) || error.refresh || error.transient) throw error;
		return [];
	}
}
