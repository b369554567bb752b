import { closeConnections } from '../../../src/core/http/http';
import { wxpusherTrigger } from '../../../src/services/wxpusher/wxpusher.trigger';
import { service, type Service } from '../../service';
import { corpus, served, tell, type Served } from '../../core/receive/served';

let server: Service;
let node: Served;
beforeEach(async () => {
	server = await service(({ json }) =>
		json?.appToken === 'AT_x' && json.uids?.length
			? {
					body: {
						code: 1000,
						msg: 'ok',
						success: true,
						data: [{ uid: json.uids[0], code: 1000, messageContentId: 1, sendRecordId: 2 }],
					},
				}
			: { body: { code: 1001, msg: 'uid 不正确', success: false } },
	);
});
afterEach(async () => {
	await node?.close();
	await closeConnections();
	await server.close();
});
const start = async (options: object = {}, account: object = {}) =>
	(node = await served(
		wxpusherTrigger,
		{ baseUrl: server.url, appToken: 'AT_x', ...('callbackKey' in account ? {} : { access: 'open' }), ...account },
		options as Record<string, unknown>,
	));

const command = (content: string, more: object = {}) => ({
	action: 'send_up_cmd',
	data: { uid: 'UID_a', appId: 97, appName: 'House', time: 1603002697386, content, ...more },
});

test('a message from a user, and its fixed answer', async () => {
	await start({ answers: 'last = One moment.' });
	expect((await tell(node.url, command('/last 5'))).status).toBe(200);
	expect(node.events).toMatchObject([
		{
			channel: 'wxpusher',
			conversation: { id: 'UID_a', kind: 'private', name: 'House' },
			user: { id: 'UID_a' },
			...{ text: '/last 5', command: 'last', args: ['5'], replyTo: 'UID_a', kind: 'send_up_cmd' },
			time: '2020-10-18T06:31:37.386Z',
		},
	]);
	await node.close();
	expect(server.requests.map(({ json }) => [json.uids, json.content])).toEqual([
		[['UID_a'], expect.stringContaining('One moment.')],
	]);
	expect(node.failures).toEqual([]);
});

test('subscriptions pass, payments only where they are wanted, unknown actions are tolerated', async () => {
	const subscribe = {
		action: 'app_subscribe',
		data: { appId: 1, uid: 'UID_b', userName: 'Bob', source: 'scan', time: 1569416451573, extra: 'x' },
	};
	const paid = { action: 'order_pay', data: { appId: 1, uid: 'UID_b', amount: 50, createTime: 1664118481675 } };
	await start();
	for (const body of [subscribe, paid, { action: 'something_new', data: { uid: 'UID_c' } }, { action: 'bare' }])
		expect((await tell(node.url, body)).status).toBe(200);
	expect(node.events).toMatchObject([
		{ kind: 'app_subscribe', user: { id: 'UID_b', name: 'Bob' }, text: '', raw: subscribe },
	]);
	await node.close();
	await start({ events: ['order_pay', 'other'] });
	for (const body of [subscribe, paid, { action: 'something_new', data: { uid: 'UID_c' } }, { action: 'bare' }])
		await tell(node.url, body);
	expect(node.events.map(({ kind, replyTo }) => [kind, replyTo])).toEqual([
		['order_pay', 'UID_b'],
		['something_new', 'UID_c'],
		['bare', ''],
	]);
});

test('a redelivery rings once, the same words said again ring again', async () => {
	await start();
	await tell(node.url, command('x'));
	await tell(node.url, command('x'));
	await tell(node.url, command('x', { time: 1603002699386 }));
	expect(node.events).toHaveLength(2);
});

test('only who has the key, and only of these applications', async () => {
	await start({ appIds: '97' }, { callbackKey: 's3cret' });
	expect((await tell(node.url, command('x'))).status).toBe(401);
	expect((await tell(`${node.url}?key=s3cret`, command('x', { appId: 98 }))).status).toBe(403);
	expect((await tell(`${node.url}?key=s3cret`, command('x'))).status).toBe(200);
	expect(node.events).toHaveLength(1);
});

test.each([
	['no JSON', 'x', 400],
	['an empty body', '', 400],
	['a large body', JSON.stringify(command('x'.repeat(1024 * 1024))), 413],
])('%s is refused', async (_, body, status) => {
	await start();
	expect((await tell(node.url, body)).status).toBe(status);
	expect(node.happenings).toEqual([]);
});

test('real bodies', async () => {
	await start({ events: [] });
	for (const [name, body] of corpus('wxpusher')) {
		expect([name, (await tell(node.url, body)).status]).toEqual([name, 200]);
		expect(node.events.at(-1)).toMatchObject({ kind: name.replace('.json', ''), raw: JSON.parse(body.toString()) });
	}
});
