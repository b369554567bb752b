import { ChannelError, invalid, type File } from '../../core/define/channel';
import { isChannelError } from '../../core/base/errors';
import type { Ask, VendorJson } from '../../core/http/http';
import { standard, type Calling } from './appFields';
import { uploadable, type MediaType } from './media';

export const sendPath = '/cgi-bin/message/send';

/** With the token. A relay that does not pass a path on answers in its own words, so the error names the path. */
export async function ask(
	call: Calling,
	method: 'GET' | 'POST',
	path: string,
	{ query, ...rest }: Ask,
): Promise<VendorJson> {
	try {
		return (await call.http.call(method, path, { ...rest, query: { access_token: await call.token(), ...query } }))
			.json;
	} catch (error) {
		if (!isOfRelay(error, call)) throw error;
		const { host } = new URL(call.account.baseUrl);
		throw new ChannelError(
			error.class,
			{
				en: `The relay ${host} did not pass ${method} ${path} on to WeCom. Let it pass this path. ${error.text.en}`,
				zh: `中转 ${host} 没有把 ${method} ${path} 转发到企业微信，请让中转转发该路径。${error.text.zh}`,
			},
			{ ...error, transient: path === sendPath && error.transient },
		);
	}
}

/** WeCom itself always answers with HTTP 200 and JSON. */
export const isOfRelay = (error: unknown, { account }: Calling): error is ChannelError =>
	isChannelError(error) &&
	account.baseUrl !== standard &&
	error.status !== undefined &&
	(error.status !== 200 || error.class === 'Unexpected');

export async function upload(call: Calling, file: File, type: MediaType, field?: string): Promise<VendorJson> {
	return await ask(call, 'POST', '/cgi-bin/media/upload', {
		query: { type },
		multipart: { media: uploadable(file, type, field) },
	});
}

interface Receivers {
	users: string[];
	parties: string[];
	tags: string[];
}

/**
 * `user1|user2`, `party:2`, `tag:3`, `@all`.
 * @throws ChannelError `Invalid(to)` where there are none, or more than WeCom takes
 */
export function receivers(to: readonly string[]): Receivers {
	const found = { user: [] as string[], party: [] as string[], tag: [] as string[] };
	for (const each of to.flatMap((item) => item.split('|'))) {
		const [, kind = 'user', id = ''] = /^(?:(user|party|tag):)?(.*)$/.exec(each.trim())!;
		if (id !== '') found[kind as keyof typeof found].push(id);
	}
	const { user: users, party: parties, tag: tags } = found;
	if (users.length + parties.length + tags.length === 0)
		throw invalid('to', { en: 'Name at least one recipient, or @all.', zh: '请至少填写一个接收者，或 @all。' });
	if (users.length > 1_000 || parties.length > 100 || tags.length > 100) {
		throw invalid('to', {
			en: 'WeCom takes at most 1000 users, 100 departments and 100 tags at once: name fewer.',
			zh: '企业微信一次最多 1000 个成员、100 个部门、100 个标签：请减少。',
		});
	}
	return { users, parties, tags };
}
