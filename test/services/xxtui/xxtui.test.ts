import { xxtui } from '../../../src/services/xxtui/xxtui.channel';
import { act, deliver } from '../../../src/core/deliver/deliver';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer, Seen } from '../../service';

const apiKey = 'abcdef0123456789';

function answer({ path, json }: Seen): Answer {
	if (!path.endsWith(`/${apiKey}`)) return { body: { code: 401, msg: 'apiKey不存在' } };
	if (path.startsWith('/xxtui/') && !json?.content) return { body: { code: 400, msg: 'content不能为空' } };
	return { body: { code: 0, msg: 'success', data: null } };
}

const server = faked(answer);

const account = (more = {}) => ({ baseUrl: server.url, apiKey, ...more });
const send = (more: Record<string, unknown>, options: Record<string, unknown>, message: unknown) =>
	deliver(xxtui, account(more), { attempts: 1, ...options }, message);

test('a bare message', async () => {
	await send({}, {}, 'Hello');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: `/xxtui/${apiKey}`, json: { content: 'Hello' } });
	expect(Object.keys(server.requests[0]!.json)).toEqual(['content']);
});

test('every option', async () => {
	await send({}, { from: 'Emby', channels: ['WX_MP', 'BARK'] }, { title: 'Film\nadded', body: 'Hello' });
	expect(server.requests[0]!.json).toEqual({
		from: 'Emby',
		title: 'Film added',
		content: 'Hello',
		channel: 'WX_MP,BARK',
	});
});

test('text beyond what is known to pass goes in parts', async () => {
	const receipt = await send({}, {}, { body: '词 '.repeat(2_500), format: 'text' });
	expect(receipt.parts).toBeGreaterThan(1);
	for (const { json } of server.requests) expect([...json.content].length).toBeLessThanOrEqual(2_000);
});

test('takes the whole URL', async () => {
	await deliver(xxtui, { apiKey: `${server.url}/xxtui/${apiKey}` }, { attempts: 1 }, 'Hello');
	expect(server.requests[0]!.path).toBe(`/xxtui/${apiKey}`);
});

test.each([
	[
		'rows',
		[
			{ name: 'title', value: 'Later' },
			{ name: 'repeat', value: '{"every":"day"}' },
			{ name: '', value: '' },
		],
		{ title: 'Later', repeat: { every: 'day' } },
	],
	['rows from upstream', [{ name: 'channels', value: [1, { a: 'b' }] }], { channels: [1, { a: 'b' }] }],
	[
		'an object',
		{ title: 'Later', times: 2, repeat: { every: 'day' } },
		{ title: 'Later', times: 2, repeat: { every: 'day' } },
	],
	['its JSON', '{"title":"Later","time":"2030-01-01 08:00"}', { title: 'Later', time: '2030-01-01 08:00' }],
])('a reminder goes out as it was filled in (%s)', async (_, reminder, json) => {
	await act(xxtui, 'createReminder', account(), { reminder });
	expect(server.requests[0]!.path).toBe(`/scheduled/reminder/${apiKey}`);
	expect(server.requests[0]!.json).toEqual(json);
});

test.each([undefined, [], '', {}, [{ name: '', value: '' }]])(
	'a reminder of nothing is not asked for (%j)',
	async (reminder) => {
		expect(await refused(act(xxtui, 'createReminder', account(), { reminder }))).toMatchObject({
			class: 'Invalid',
			field: 'reminder',
		});
		expect(server.requests).toEqual([]);
	},
);

test.each([
	[{ body: { code: 401, msg: 'apiKey不存在' } }, 'Unauthorized', '401', /Copy the API key/],
	[{ body: { code: 500, msg: '发送频繁，请稍后' } }, 'RateLimited', '500', /limits/],
	[{ body: { code: 500, msg: '渠道未绑定' } }, 'Rejected', '500', /Bind/],
	[{ body: { code: 1, msg: '失败' } }, 'Rejected', '1', /失败/],
	[{ body: { ok: true } }, 'Rejected', '200', /said no/],
	[{ status: 200, body: 'success' }, 'Unexpected', '200', /receipt/],
])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	expect(await refused(send({}, {}, 'Hello'), apiKey)).toMatchObject({
		class: errorClass,
		code,
		message: expect.stringMatching(sentence),
	});
});

test('a sender’s name that is too long is said', async () => {
	expect(await refused(send({}, { from: 'x'.repeat(21) }, 'Hello'))).toMatchObject({
		class: 'Invalid',
		field: 'from',
	});
});
