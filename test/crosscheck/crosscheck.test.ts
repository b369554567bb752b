import { deliver } from '../../src/core/deliver/deliver';
import { closeConnections } from '../../src/core/http/http';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { expectAgreement, known, leaves, numbered, type Facts } from '../agreement';
import { frozenClock } from '../refused';
import { service, type Seen, type Service } from '../service';
import { body, checks, now, title, type Check, type Written } from './checks';
import { loadPeers, turned, type Peers } from './peers';

/** Yes in the tongue of every service here. */
const yes = {
	ok: true,
	success: true,
	status: 'ok',
	errcode: 0,
	retcode: 0,
	access_token: 'token-of-the-test',
	tenant_access_token: 'token-of-the-test',
	expires_in: 7200,
	expire: 7200,
	result: { message_id: 1, chat: { id: 1 } },
	data: { message_id: 'om_1' },
};
/** What is said otherwise, by the service. */
const own: Record<string, object> = {
	'https:wxpusher.zjiecode.com': { code: 1000, data: [{ code: 1000, messageId: 1, status: '创建发送任务成功' }] },
	'https:api.day.app': { code: 200 },
};

let server: Service;
let peers: Peers;
const silenced = ['log', 'debug', 'warn', 'error'] as const;

beforeAll(async () => {
	server = await service(({ path }) => ({ body: { ...yes, code: 0, ...own[path.split('/')[1] ?? ''] } }));
	peers = loadPeers(server.url, title, body);
}, 300_000);
afterAll(async () => {
	await closeConnections();
	await server.close();
});
beforeEach(() => {
	forgetTokens();
	forgetTurns();
	server.requests.length = 0;
	jest.spyOn(Date, 'now').mockReturnValue(now);
	// The peers write what they send and get into the log.
	for (const name of silenced) jest.spyOn(console, name).mockReturnValue();
});
afterEach(() => jest.restoreAllMocks());

test.each(checks)('$name: as $peer sends it, but for what is explained', async (check) => {
	const theirs = await theirRequests(check);
	const ours = await ourRequests(check);
	expectAgreement(theirs, ours, check.differences);
});

test('every explanation is one', () => {
	for (const { differences } of checks) {
		expect(new Set(differences.map(({ field }) => field)).size).toBe(differences.length);
		for (const { why } of differences) expect(why).toMatch(/^\S.{15,}\.$/);
	}
});

async function theirRequests({ theirs }: Check): Promise<Facts> {
	if (typeof theirs !== 'function') return numbered(theirs.map(fromWritten));
	await theirs(peers);
	return numbered(server.requests.splice(0).map(fromSeen));
}

async function ourRequests({ channel, origin, account, options = {}, format = 'text' }: Check): Promise<Facts> {
	const home = origin ?? (channel.account.baseUrl!.default as string);
	const baseUrl = turned(home, server.url);
	await deliver(channel, { ...account, baseUrl }, options, { title, body, format }, { clock: frozenClock(now) });
	return numbered(server.requests.splice(0).map(fromSeen));
}

function fromSeen({ method, path, query, headers, json, form, body: bytes }: Seen): Facts {
	const [, scheme = '', host = '', rest = ''] = /^\/(https?):([^/]+)(\/.*)$/.exec(path) ?? [];
	const type = bytes.length === 0 ? undefined : headers['content-type']?.split(';')[0];
	const content = type === undefined ? undefined : type === 'application/json' ? json : form;
	return facts(method, new URL(`${scheme}://${host}${rest}`), query, type, content, headers.authorization);
}

function fromWritten({ method, url, json, form }: Written): Facts {
	const parsed = new URL(url);
	const type = json ? 'application/json' : form ? 'application/x-www-form-urlencoded' : undefined;
	return facts(method, parsed, Object.fromEntries(parsed.searchParams), type, json ?? form);
}

function facts(
	method: string,
	{ origin, pathname }: URL,
	query: Record<string, string>,
	type: string | undefined,
	content: unknown,
	authorization?: string,
): Facts {
	const all: Facts = { method, origin, path: decodeURIComponent(pathname), type, authorization };
	return known([...Object.entries(all), ...leaves('query', query), ...leaves('body', content)]);
}
