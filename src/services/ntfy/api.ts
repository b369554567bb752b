import type { Call, File } from '../../core/define/channel';
import { judge } from '../../core/http/judge';
import { proofOf } from '../../core/http/proof';
import type { VendorJson } from '../../core/http/http';
import { authOf, topicOf, type ntfyAccount } from './account';
import { ntfyReplies } from './errors';
import { headersOf, type Publication } from './payload';

export const named = { en: 'ntfy', zh: 'ntfy' };

type Bound = Pick<Call<typeof ntfyAccount>, 'account' | 'http'>;

export async function publish({ account, http }: Bound, to: string, publication: Publication): Promise<VendorJson> {
	const { topic, base } = topicOf(to, account);
	const json = await http.post(`${base}/`, { json: { topic, ...publication }, headers: authOf(account) });
	proofOf(json.id, named);
	return json;
}

/** A file with all that is said of it in headers. */
export async function upload(
	{ account, http }: Bound,
	to: string,
	publication: Publication,
	file: File,
): Promise<VendorJson> {
	const { topic, base } = topicOf(to, account);
	const { json } = await http.call('PUT', `${base}/${topic}`, {
		body: file.data!,
		headers: {
			'content-type': 'application/octet-stream',
			...headersOf({ ...publication, filename: file.name }),
			...authOf(account),
		},
	});
	proofOf(json?.id, named);
	return json;
}

/** Takes a notification back, or marks it as read, wherever it is shown. */
export async function dismiss(
	{ account, http }: Bound,
	how: 'delete' | 'clear',
	to: string,
	id: string,
): Promise<VendorJson> {
	const { topic, base } = topicOf(to, account);
	const path = `${base}/${topic}/${encodeURIComponent(id)}`;
	const ask = { headers: authOf(account), idempotent: true };
	const { json } = await (how === 'delete' ? http.call('DELETE', path, ask) : http.call('PUT', `${path}/clear`, ask));
	return json;
}

/** What the server keeps of some topics, a line each. */
export async function kept({ account, http }: Bound, to: readonly string[], since: string): Promise<VendorJson[]> {
	const topics = to.map((each) => topicOf(each, account));
	const path = `${topics[0]!.base}/${topics.map(({ topic }) => topic).join(',')}/json`;
	const reply = await http.call('GET', path, { query: { poll: 1, since }, headers: authOf(account), raw: true });
	const lines = reply.text.split('\n').filter((line) => line.trim() !== '');
	// Nothing kept is an answer, too.
	if (reply.status !== 200 || lines.some((line) => !line.startsWith('{')))
		judge({ name: named, replies: ntfyReplies }, reply);
	return lines.map((line) => JSON.parse(line) as VendorJson).filter(({ event }) => event === 'message');
}

export function check({ account, http }: Bound): Promise<VendorJson> {
	const headers = authOf(account);
	return headers.authorization ? http.get('/v1/account', { headers }) : http.get('/v1/health');
}
