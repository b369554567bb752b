import { closeConnections } from '../../../src/core/http/http';
import type { ChatEvent } from '../../../src/core/receive/chat';
import { vocechatTrigger } from '../../../src/services/vocechat/vocechat.trigger';
import { service, type Service } from '../../service';
import { corpus, served, tell, type Served } from '../../core/receive/served';

let server: Service;
let node: Served;
let status = 200;
beforeEach(async () => {
	status = 200;
	server = await service(({ headers }) => {
		if (headers['x-api-key'] !== 'voce-key') return { status: 401 };
		return { status, body: '42' };
	});
});
afterEach(async () => {
	await node?.close();
	await closeConnections();
	await server.close();
});
const start = async (options: object = {}, account: object = {}) =>
	(node = await served(
		vocechatTrigger,
		{
			baseUrl: server.url,
			apiKey: 'voce-key',
			...('callbackKey' in account ? {} : { access: 'open' }),
			...account,
		},
		options as Record<string, unknown>,
	));

const normal = (content: string, more: object = {}) => ({
	created_at: 1672048481664,
	detail: { content, content_type: 'text/plain', expires_in: null, properties: null, type: 'normal' },
	...{ from_uid: 7, mid: 2978, target: { gid: 2 } },
	...more,
});

test('the address is checked when it is saved', async () => {
	await start();
	expect(await tell(node.url, undefined, {}, 'GET')).toMatchObject({ status: 200 });
	expect(node.happenings).toEqual([]);
});

test('a message in a group, and its fixed answer there', async () => {
	await start({ answers: 'last = One moment.' });
	expect((await tell(node.url, normal(' @3 /last 5'))).status).toBe(200);
	expect(node.events).toMatchObject([
		{
			channel: 'vocechat',
			conversation: { id: 'group:2', kind: 'group' },
			user: { id: '7' },
			...{ text: ' @3 /last 5', command: 'last', args: ['5'], replyTo: 'group:2', messageId: '2978' },
			...{ time: '2022-12-26T09:54:41.664Z', kind: 'normal' },
		},
	]);
	await node.close();
	expect(server.requests.map(({ path, body }) => [path, body.toString()])).toEqual([
		['/api/bot/send_to_group/2', 'One moment.'],
	]);
	expect(node.failures).toEqual([]);
});

test('an answer goes out once, however often the message comes; one that fails is told', async () => {
	await start({ answers: 'x = y' });
	const message = normal('/x', { target: { uid: 3 } });
	await tell(node.url, message);
	await tell(node.url, message);
	await node.close();
	expect(node.events).toHaveLength(1);
	expect(server.requests.map(({ path }) => path)).toEqual(['/api/bot/send_to_user/7']);
	status = 403;
	await start({ answers: 'x = y' });
	expect((await tell(node.url, message)).status).toBe(200);
	await node.close();
	expect(node.failures).toEqual([expect.stringContaining('Add the bot to that group')]);
});

test('what the bot says itself is left out', async () => {
	await start({}, { botUid: 7 });
	await tell(node.url, normal('x'));
	expect(node.events).toEqual([]);
	await tell(node.url, normal('x', { from_uid: 8 }));
	expect(node.events).toHaveLength(1);
});

test('with a key, only who has it', async () => {
	await start({}, { callbackKey: 's3cret' });
	expect((await tell(node.url, normal('x'))).status).toBe(401);
	expect((await tell(`${node.url}?key=other`, normal('x'))).status).toBe(401);
	expect((await tell(`${node.url}?key=other`, undefined, {}, 'GET')).status).toBe(401);
	expect((await tell(`${node.url}?key=s3cret`, normal('x'))).status).toBe(200);
	expect(node.events).toHaveLength(1);
});

test.each([
	['encrypted or else', 'c29tZXRoaW5n', 400],
	['a list', '[]', 400],
	['null', 'null', 400],
	['a large body', JSON.stringify(normal('x'.repeat(1024 * 1024))), 413],
])('%s is refused', async (_, body, expected) => {
	await start();
	expect((await tell(node.url, body)).status).toBe(expected);
	expect(node.happenings).toEqual([]);
});

test('a new user, and other events that are not known, pass where they are wanted', async () => {
	await start({ events: ['other'] });
	await tell(node.url, { detail: { type: 'newuser' }, from_uid: 9, mid: 5, created_at: 1672048481664 });
	await tell(node.url, {});
	expect(node.events).toMatchObject([
		{ kind: 'newuser', user: { id: '9' }, replyTo: 'user:9' },
		{ kind: 'other', replyTo: '' },
	]);
});

test('real bodies', async () => {
	const bodies = corpus('vocechat');
	const events: ChatEvent[] = [];
	for (const [name, body] of bodies) {
		// The documented ones share a message id: each comes to a node that has not heard it.
		await start({ events: [] });
		expect([name, (await tell(node.url, body)).status]).toEqual([name, 200]);
		events.push(...node.events);
		await node.close();
	}
	await start();
	if (bodies.length === 0) return;
	const by = (kind: string) => events.filter((event) => event.kind === kind);
	expect(by('normal').map(({ text, files }) => [text, files?.[0]?.name])).toEqual(
		expect.arrayContaining([
			['', 'xxx.png'],
			['hello this is my message to you', undefined],
		]),
	);
	expect(by('reply')).toMatchObject([{ text: 'I want to reply to a message', replyTo: 'user:722' }]);
	expect(by('edit')).toMatchObject([{ text: "hello I'm editing this message lol" }]);
	expect(by('delete')).toHaveLength(1);
});
