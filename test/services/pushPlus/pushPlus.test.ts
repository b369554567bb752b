import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { forgetTokens } from '../../../src/core/deliver/send/token';
import { pushPlus } from '../../../src/services/pushPlus/pushPlus.channel';
import { faked } from '../../faked';
import { frozenClock, refused } from '../../refused';
import type { Answer, Seen } from '../../service';

const token = '0123456789abcdef0123456789abcdef';
const secretKey = 'S3cretKeyOfTheOpenApi';
const shortCode = 'f00df00df00df00df00df00df00df00d';
const templates = ['html', 'txt', 'json', 'markdown', 'cloudMonitor', 'jenkins', 'route', 'pay'];
const channels = [undefined, 'wechat', 'app', 'extension', 'webhook', 'cp', 'mail', 'sms', 'voice'];

const said = (code: number, msg: string, data: unknown = null): Answer => ({ body: { code, msg, data } });

let accessKeys = 0;
/** As PushPlus refuses: with 200, and a code of its own. */
function answer({ method, path, query, headers, json }: Seen): Answer {
	if (path === '/send') {
		if (method !== 'POST' || json?.token !== token) return said(903, '用户不存在');
		const { title = '', content, template = 'html', channel, topic, to } = json;
		if (typeof content !== 'string' || content.trim() === '') return said(999, '内容不能为空');
		if ([...title].length > 100) return said(999, '标题不能超过100个字');
		if ([...content].length > 20_000) return said(999, '内容超长');
		if (!templates.includes(template) || !channels.includes(channel)) return said(999, '参数错误');
		if (topic !== undefined && to !== undefined) return said(600, '数据异常');
		if (topic === 'nobody') return said(600, '数据异常', '群组不存在');
		return said(200, '请求成功', shortCode);
	}
	if (path === '/api/common/openApi/getAccessKey') {
		if (json?.token !== token || json?.secretKey !== secretKey) return said(401, 'secretKey错误');
		return said(200, '请求成功', { accessKey: `ak${++accessKeys}`, expiresIn: 7_200 });
	}
	if (headers['access-key'] !== `ak${accessKeys}`) return said(401, '未授权');
	if (path === '/api/open/user/myInfo') return said(200, '请求成功', { nickName: 'Ann' });
	if (query.shortCode !== shortCode) return said(805, '无权查看');
	if (method === 'DELETE' && path === '/api/open/message/deleteMessage') return said(200, '请求成功', '删除成功');
	if (path === '/api/open/message/sendMessageResult') return said(200, '请求成功', { status: 2, errorMessage: '' });
	return { status: 404, body: 'Not Found' };
}

const server = faked(answer);
beforeEach(() => {
	forgetTokens();
	accessKeys = 0;
});
const account = (more = {}) => ({ baseUrl: server.url, token, ...more });
const send = (message: unknown, options: Record<string, unknown> = {}, more = {}) =>
	deliver(pushPlus, account(more), { attempts: 1, ...options } as never, message, { clock: frozenClock() });
const last = () => server.requests.at(-1)!.json;

test('a text is a Markdown page with the start of it for a title', async () => {
	const receipt = await send('Hello **you**');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/send' });
	expect(last()).toEqual({ token, title: 'Hello you', content: 'Hello **you**', template: 'markdown' });
	expect(receipt).toMatchObject({ ids: [shortCode], handle: { shortCode }, degraded: [] });
});

test('every option', async () => {
	await send(
		{ title: 'Film', body: 'is **here**', image: { url: 'https://example.com/p.jpg?a=1&b=2' } },
		{
			format: 'html',
			channel: 'cp',
			option: 'wx1',
			pre: 'p1',
			expires: 60,
			callbackUrl: 'https://example.com/cb',
			friends: 'f1,f2',
		},
	);
	expect(last()).toEqual({
		token,
		title: 'Film',
		content:
			'<p style="white-space:pre-wrap">is <b>here</b></p><br><img src="https://example.com/p.jpg?a=1&#38;b=2" style="max-width:100%">',
		template: 'html',
		channel: 'cp',
		option: 'wx1',
		pre: 'p1',
		timestamp: Date.UTC(2026, 0, 1) + 60_000,
		callbackUrl: 'https://example.com/cb',
		to: 'f1,f2',
	});
});

test('plain text; a picture in Markdown', async () => {
	await send('a **b**', { format: 'txt' });
	expect(last()).toMatchObject({ content: 'a b', template: 'txt' });
	await send({ body: 'a', image: { url: 'https://example.com/p.jpg' } });
	expect(last().content).toBe('a\n\n![](https://example.com/p.jpg)');
});

test('each topic gets it by itself, and no friend does then', async () => {
	await send('x', { friends: 'f1' }, { to: 'family, team' });
	expect(server.requests.map(({ json }) => [json.topic, json.to])).toEqual([
		['family', undefined],
		['team', undefined],
	]);
});

test('a long title is cut, and named; a long text is parted', async () => {
	const receipt = await send({ title: '标'.repeat(120), body: '长'.repeat(19_000) });
	expect(receipt.degraded).toEqual(['title']);
	expect(receipt.parts).toBe(2);
});

test.each([(url: string) => `${url}/send/${token}`, (url: string) => `${url}/send?token=${token}`])(
	'a pasted address',
	async (pasted) => {
		await send('x', {}, { token: pasted(server.url) });
		expect(last().token).toBe(token);
	},
);

test('the open API: asked with one access key, and once more with a fresh one', async () => {
	const run = (name: string) => act(pushPlus, name, account({ secretKey }), { shortCode });
	expect(await run('queryStatus')).toEqual({ status: 2, errorMessage: '' });
	expect(await run('deleteMessage')).toBe('删除成功');
	expect(accessKeys).toBe(1);
	accessKeys = 7;
	expect(await run('queryStatus')).toEqual({ status: 2, errorMessage: '' });
	expect(await refused(act(pushPlus, 'queryStatus', account(), { shortCode }))).toMatchObject({
		class: 'Invalid',
		field: 'secretKey',
	});
});

test('an account is checked where a secret key is there', async () => {
	await verify(pushPlus, account({ secretKey }));
	expect(server.requests.map(({ path }) => path)).toEqual([
		'/api/common/openApi/getAccessKey',
		'/api/open/user/myInfo',
	]);
	expect(await refused(verify(pushPlus, account({ secretKey: 'wrongwrong' })), 'wrongwrong')).toMatchObject({
		class: 'Unauthorized',
	});
});

test.each([
	[said(903, '用户不存在'), 'Unauthorized', '903', /copy it again/],
	[said(905, '账户未进行实名认证'), 'Unauthorized', '905', /verify your name/],
	[said(900, '用户账号使用受限'), 'RateLimited', '900', /Stop for today/],
	[said(888, '积分不足'), 'Rejected', '888', /credit/],
	[said(403, '请求IP未授权'), 'Unauthorized', '403', /safe IPs/],
	[said(600, '数据异常', '群组不存在'), 'Rejected', '600', /群组不存在.*topic/],
	[said(500, '系统异常'), 'Unreachable', '500', /later/],
	[said(200, '请求成功'), 'Unexpected', undefined, /not what it took/],
	[{ body: '<html></html>' }, 'Unexpected', '200', /web page/],
] as [Answer, string, string | undefined, RegExp][])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	const error = await refused(send('Hello'), token);
	expect(error).toMatchObject({ class: errorClass, message: expect.stringMatching(sentence) });
	expect(error.code).toBe(code);
	if (code === '900') expect(error.transient).toBe(false);
});
