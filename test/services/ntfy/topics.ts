import type { Answer, Seen } from '../../service';

export const token = 'tk_0123456789abcdef0123456789';
export const password = 'p4ssw0rd!';

const no = (code: number, error: string): Answer => {
	const http = Math.floor(code / 100);
	return { status: http, body: { code, http, error, link: 'https://ntfy.sh/docs/publish/' } };
};

/** Header values as ntfy decodes them. */
const decoded = (value: unknown): string | undefined =>
	typeof value !== 'string'
		? undefined
		: value.replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, inner: string) => Buffer.from(inner, 'base64').toString());

export interface Published extends Record<string, unknown> {
	topic: string;
	message: string;
}
interface Action {
	action: string;
	label?: string;
	url?: string;
}

const inHeaders = ['message', 'title', 'priority', 'tags', 'click', 'icon', 'actions', 'markdown', 'filename', 'delay'];

/** A ntfy server: topics that begin with `up-` are protected, others open. */
export class Topics {
	/** From 2.16 on it says the id back. */
	replaces = true;
	/** Bytes of a file. */
	most = 15 * 1024 * 1024;
	readonly published: Published[] = [];

	answer = ({ method, path, headers, json, body, query }: Seen): Answer => {
		const basic = `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`;
		const { authorization } = headers;
		const isKnown = authorization === `Bearer ${token}` || authorization === basic;
		if (authorization !== undefined && !isKnown) return no(40_101, 'unauthorized');
		if (path === '/v1/health') return { body: { healthy: true } };
		if (path === '/v1/account') return { body: { username: isKnown ? 'ann' : '*' } };
		if (path === '/') {
			if (json === undefined) return no(40_024, 'invalid request: request body must be valid JSON');
			if (body.length > 8_192) return no(41_303, 'JSON body too large');
			return this.publish({ ...json, message: json.message || 'triggered' }, isKnown);
		}
		const [, topic = '', id, verb] = /^\/([^/]*)(?:\/([^/]+))?(?:\/(clear))?$/.exec(path) ?? [];
		if (id === 'json') return this.lines(topic.split(','), query);
		const isDismissal = method === 'DELETE' || verb === 'clear';
		if (id !== undefined && this.replaces && isDismissal)
			return { body: { id: 'e1', event: `message_${verb ?? 'delete'}`, topic, sequence_id: id } };
		if (method !== 'PUT' || id !== undefined) return no(40_401, 'page not found');
		if (body.length > this.most) return no(41_301, 'attachment too large, or bandwidth limit reached');
		const given = Object.fromEntries(
			inHeaders.map((name) => [name, decoded(headers[name])]).filter(([, value]) => value !== undefined),
		) as Record<string, string>;
		const published = {
			...given,
			topic,
			message: (given.message ?? '').replaceAll('\\n', '\n'),
			...(given.priority && { priority: Number(given.priority) }),
			...(given.tags && { tags: given.tags.split(',') }),
			...(given.actions && { actions: JSON.parse(given.actions) as unknown }),
			sequence_id: headers['x-sequence-id'],
			file: body.toString('latin1'),
		};
		return this.publish(published, isKnown);
	};

	private publish(given: Published, isKnown: boolean): Answer {
		const { topic, message, priority, attach, icon, delay, cache, email, call } = given;
		const actions = (given.actions ?? []) as Action[];
		const isAddress = (url: unknown) => url === undefined || /^https?:\/\//.test(String(url));
		if (!/^[-_A-Za-z0-9]{1,64}$/.test(topic)) return no(40_009, 'invalid request: topic invalid');
		if (topic.startsWith('up-') && !isKnown) return no(40_301, 'forbidden');
		if (Buffer.byteLength(message) > 4_096) return no(40_014, 'invalid request: attachments not allowed');
		if (priority !== undefined && ![1, 2, 3, 4, 5].includes(priority as number))
			return no(40_007, 'invalid priority parameter');
		if (!isAddress(attach)) return no(40_013, 'invalid request: attachment URL is invalid');
		if (!isAddress(icon)) return no(40_021, 'invalid request: icon URL is invalid');
		if (delay !== undefined && cache === 'no') return no(40_002, 'cannot disable cache for delayed message');
		if (delay !== undefined && (email ?? call) !== undefined)
			return no(40_003, 'delayed e-mails are not supported');
		if (actions.length > 3) return no(40_018, 'invalid request: actions invalid; only 3 actions allowed');
		for (const { action, label, url } of actions)
			if (!['view', 'http', 'broadcast'].includes(action) || !label || (action !== 'broadcast' && !url))
				return no(40_018, 'invalid request: actions invalid; parameter is required');
		this.published.push(given);
		const { sequence_id: sequence } = given;
		const said = { id: `hwQ2YpKdmg${this.published.length}`, time: 1, event: 'message', topic, message };
		return { body: { ...said, ...(this.replaces && sequence !== undefined && { sequence_id: sequence }) } };
	}

	private lines(topics: readonly string[], { poll }: Record<string, string>): Answer {
		if (poll !== '1') return no(40_000, 'this would go on for ever');
		const kept = this.published.filter(({ topic }) => topics.includes(topic));
		const all = [{ id: 'o', event: 'open' }, ...kept.map((one) => ({ event: 'message', ...one }))];
		return { body: all.map((one) => JSON.stringify(one)).join('\n') };
	}
}
