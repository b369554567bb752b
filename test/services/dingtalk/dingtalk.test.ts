import { createHmac } from 'node:crypto';
import { dingtalk, signed } from '../../../src/services/dingtalk/dingtalk.channel';
import { act, deliver } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';

const token = 'f0f0f0f0token0f0f0f0';
const key = 'SECabcdefsecret';
const start = 1_700_000_000_000;

let server: Service;
let setup: { secret?: string; keyword?: string; next: Answer[] };

const say = (errcode: number, errmsg = 'ok'): Answer => ({ body: { errcode, errmsg } });
const required: Record<string, string[]> = {
	text: ['content'],
	markdown: ['title', 'text'],
	link: ['title', 'text', 'messageUrl'],
	actionCard: ['title', 'text'],
	feedCard: ['links'],
};

/** As the robot checks and refuses: always with HTTP 200. */
function answer({ method, path, query, json, body, headers }: Seen): Answer {
	const next = setup.next.shift();
	if (next) return next;
	if (method !== 'POST' || path !== '/robot/send') return { status: 404, body: 'Not Found' };
	if (!String(headers['content-type']).startsWith('application/json')) return say(43004, 'invalid content-type');
	if (query.access_token !== token) return say(300001, 'token is not exist');
	if (setup.secret) {
		if (!/^\d{13}$/.test(query.timestamp ?? '') || Math.abs(Number(query.timestamp) - start) > 3_600_000)
			return say(310000, 'invalid timestamp');
		const expected = createHmac('sha256', setup.secret)
			.update(`${query.timestamp}\n${setup.secret}`)
			.digest('base64');
		if (query.sign !== expected)
			return say(310000, 'sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]');
	}
	if (body.byteLength > 20_000) return say(460101, 'message too long, exceed 20000 bytes');
	const { msgtype } = json;
	const content = json[msgtype];
	if (!required[msgtype] || !content) return say(400105, 'unsupported msg type');
	const lacks = required[msgtype].find((name) => !content[name]);
	if (lacks) return say(40035, `缺少参数 ${lacks}`);
	if (
		msgtype === 'actionCard' &&
		!(content.singleTitle && content.singleURL) &&
		!content.btns?.every((btn: Record<string, string>) => btn.title && btn.actionURL)
	)
		return say(40035, '缺少参数 btns');
	if (msgtype === 'feedCard' && !content.links.every((link: Record<string, string>) => link.title && link.messageURL))
		return say(40035, '缺少参数 links');
	if (setup.keyword && !JSON.stringify(content).includes(setup.keyword))
		return say(310000, 'keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]');
	return say(0);
}

beforeEach(async () => {
	forgetTurns();
	setup = { next: [] };
	server = await service(answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const account = (more = {}) => ({ baseUrl: server.url, accessToken: token, ...more });
const send = (message: unknown, options = {}, more = {}, clock = frozenClock(start)) =>
	deliver(dingtalk, account(more), options, message, { clock });
const last = () => server.requests.at(-1)!.json;

const film = {
	title: 'New film',
	body: 'It is **here**',
	url: 'https://example.com/1',
	image: { url: 'https://example.com/p.jpg' },
};

test('a message with nothing set is Markdown that shows its title', async () => {
	const receipt = await send(film);
	const { msgtype, markdown, at } = last();
	expect({ msgtype, at }).toEqual({ msgtype: 'markdown', at: undefined });
	expect(markdown.title).toBe('New film');
	expect(markdown.text).toMatch(
		/^\*\*New film\*\*[^]*It is \*\*here\*\*[^]*\(https:\/\/example\.com\/1\)[^]*!\[\]\(https:\/\/example\.com\/p\.jpg\)$/,
	);
	expect(receipt).toMatchObject({ ok: true, channel: 'dingtalk', warnings: [] });
});

test('a preview from the text where there is no title', async () => {
	await send('# Heading\n\nand more');
	expect(last().markdown.title).toBe('Heading and more');
});

test('buttons make a card', async () => {
	const buttons = [
		{ text: 'A', url: 'https://example.com/a' },
		{ text: 'B', url: 'https://example.com/b' },
	];
	await send({ ...film, buttons }, { btnOrientation: '1' });
	expect(last()).toMatchObject({ msgtype: 'actionCard', actionCard: { title: 'New film', btnOrientation: '1' } });
	expect(last().actionCard.btns).toEqual([
		{ title: 'A', actionURL: 'https://example.com/a' },
		{ title: 'B', actionURL: 'https://example.com/b' },
		{ title: 'Details', actionURL: 'https://example.com/1' },
	]);
	await send({ body: 'x', buttons: [buttons[0]] }, { singleTitle: 'Go' });
	expect(last().actionCard).toMatchObject({ singleTitle: 'Go', singleURL: 'https://example.com/a' });
	await send({ body: 'x', buttons, mentions: ['@all'] });
	expect(last()).toMatchObject({ msgtype: 'markdown', at: { isAtAll: true } });
});

describe('message types', () => {
	test('text', async () => {
		await send({ title: 'T', body: 'a **b**' }, { kind: 'text' });
		expect(last()).toEqual({ msgtype: 'text', text: { content: 'T\n\na b' } });
	});

	test('link', async () => {
		await send(film, { kind: 'link' });
		expect(last()).toEqual({
			msgtype: 'link',
			link: {
				title: 'New film',
				text: 'It is here',
				messageUrl: 'https://example.com/1',
				picUrl: 'https://example.com/p.jpg',
			},
		});
		await send({ body: 'x' }, { kind: 'link', url: 'https://example.com/o' });
		expect(last().link).toEqual({ title: 'x', text: 'x', messageUrl: 'https://example.com/o' });
	});

	test('action card of a link, or of buttons filled in', async () => {
		await send(film, { kind: 'actionCard' }, { language: 'zh' });
		expect(last().actionCard).toMatchObject({
			singleTitle: '查看详情',
			singleURL: 'https://example.com/1',
			btnOrientation: '0',
		});
		await send(film, {
			kind: 'actionCard',
			btns: '[{"title": "1", "actionURL": "https://example.com/x"}, {"title": "2", "actionURL": "https://example.com/y"}]',
		});
		expect(last().actionCard.btns).toEqual([
			{ title: '1', actionURL: 'https://example.com/x' },
			{ title: '2', actionURL: 'https://example.com/y' },
		]);
	});

	test('a long card goes as Markdown with the card at its end', async () => {
		const receipt = await send(
			{ body: 'word '.repeat(8_000), url: 'https://example.com/1' },
			{ kind: 'actionCard' },
		);
		expect(receipt.parts).toBeGreaterThan(1);
		const kinds = server.requests.map(({ json }) => json.msgtype);
		expect(kinds.at(-1)).toBe('actionCard');
		expect(new Set(kinds.slice(0, -1))).toEqual(new Set(['markdown']));
	});

	test('feed card', async () => {
		expect((await send(film, { kind: 'feedCard' })).degraded).toContain('text');
		expect(last()).toEqual({
			msgtype: 'feedCard',
			feedCard: {
				links: [
					{ title: 'New film', messageURL: 'https://example.com/1', picURL: 'https://example.com/p.jpg' },
				],
			},
		});
		const links = [
			{ title: 'a', messageURL: 'https://example.com/a', picURL: 'https://example.com/a.png' },
			{ title: 'b', messageURL: 'https://example.com/b' },
		];
		await send(film, { kind: 'feedCard', links: JSON.stringify(links) });
		expect(last().feedCard).toEqual({ links });
	});

	test.each(['link', 'actionCard', 'feedCard'])('a %s without a link says what to do', async (kind) => {
		const error = await refused(send({ body: 'x' }, { kind }));
		expect(error).toMatchObject({ class: 'Invalid', field: 'url' });
		expect(error.message).toContain('“Opens”');
		expect(server.requests).toEqual([]);
	});

	test.each([
		['actionCard', 'btns'],
		['feedCard', 'links'],
	])('%s refuses %s of another shape', async (kind, field) => {
		for (const wrong of ['[1]', '[{', '5']) {
			expect(await refused(send(film, { kind, [field]: wrong }))).toMatchObject({ class: 'Invalid', field });
		}
	});
});

describe('mentions', () => {
	test('of the message, visible in Markdown', async () => {
		await send(
			{ body: 'x @13800000000', mentions: ['13800000000', '+86-13900000000', 'user1', '@user2'] },
			{ atMobiles: '13700000000', atUserIds: 'user1' },
		);
		expect(last().at).toEqual({
			atMobiles: ['13700000000', '13800000000', '+86-13900000000'],
			atUserIds: ['user1', 'user2'],
			isAtAll: false,
		});
		expect(last().markdown.text).toBe('x @13800000000\n\n@13700000000 @+86-13900000000 @user1 @user2');
	});

	test('everyone', async () => {
		await send('x', { kind: 'text', isAtAll: true });
		expect(last()).toEqual({
			msgtype: 'text',
			text: { content: 'x' },
			at: { atMobiles: [], atUserIds: [], isAtAll: true },
		});
	});

	test('ring once for a message of several parts', async () => {
		await send({ body: 'word '.repeat(8_000), mentions: ['@all'] });
		expect(server.requests.map(({ json }) => json.at?.isAtAll)).toEqual([
			true,
			...server.requests.slice(1).map(() => undefined),
		]);
		expect(server.requests.length).toBeGreaterThan(1);
	});
});

test('links that open in the browser', async () => {
	const wrapped = (url: string) =>
		`dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(url)}&pc_slide=false`;
	await send({ body: '[a](https://example.com/?a=1&b=2)', image: film.image }, { openIn: 'browser' });
	expect(last().markdown.text).toBe(
		`[a](${wrapped('https://example.com/?a=1&b=2')})\n\n![](https://example.com/p.jpg)`,
	);
	await send(film, { kind: 'link', openIn: 'browser' });
	expect(last().link.messageUrl).toBe(wrapped('https://example.com/1'));
	await send(film, { kind: 'actionCard', openIn: 'browser' });
	expect(last().actionCard.singleURL).toBe(wrapped('https://example.com/1'));
	await send({ ...film, buttons: [{ text: 'same', url: film.url }] }, { openIn: 'browser' });
	expect(last().actionCard).toMatchObject({ singleTitle: 'same', singleURL: wrapped('https://example.com/1') });
	// Backslashes without an end must not be tried in every combination.
	await send({ body: '['.concat('\\a'.repeat(2_000)), format: 'text' }, { openIn: 'browser' });
	await send({ body: '[a \\[b\\]](https://example.com/)' }, { openIn: 'browser' });
	expect(last().markdown.text).toContain(wrapped('https://example.com/'));
	await send({ body: '[a](http://a.bc) '.repeat(580) }, { openIn: 'browser' });
	expect(Buffer.byteLength(last().markdown.text)).toBeLessThanOrEqual(19_000);
	expect(last().markdown.text).toContain(wrapped('http://a.bc'));
	await send(film, { kind: 'feedCard', openIn: 'browser' });
	expect(last().feedCard.links[0].messageURL).toBe(wrapped('https://example.com/1'));
});

describe('security settings', () => {
	test('sign vector', () => {
		expect(signed(1_700_000_000_000, 'SECtestsecret')).toEqual({
			timestamp: 1_700_000_000_000,
			sign: '7LVwF0dAF3/+MRRulbpE4y72Ogzykc6bS2nG4I99T4s=',
		});
	});

	test('the sign is encoded once', async () => {
		setup.secret = 'SECtestsecret';
		await send('x', {}, { secret: 'SECtestsecret' });
		// The fake reads the query as DingTalk does: encoded twice it would not match.
		expect(server.requests[0]!.query).toEqual({
			access_token: token,
			timestamp: '1700000000000',
			sign: '7LVwF0dAF3/+MRRulbpE4y72Ogzykc6bS2nG4I99T4s=',
		});
	});

	test.each([
		[{ secret: 'SECother' }, {}, 'Unauthorized', 'signing secret'],
		[{}, {}, 'Unauthorized', 'clock of this machine'],
	])('%p against a signed robot', async (more, options, kind, words) => {
		setup.secret = key;
		const error = await refused(send('x', options, more), token, 'SECother');
		expect(error).toMatchObject({ class: kind, code: '310000' });
		expect(error.message).toContain(words);
	});

	test('a clock that is off', async () => {
		setup.secret = key;
		const error = await refused(send('x', {}, { secret: key }, frozenClock(start + 4_000_000)), key);
		expect(error).toMatchObject({ class: 'Unauthorized', code: '310000' });
	});

	test('keyword', async () => {
		setup.keyword = 'Alarm';
		const error = await refused(send('x'));
		expect(error).toMatchObject({ class: 'Rejected', code: '310000' });
		expect(error.message).toContain('“Keyword”');
		await send('x', { keyword: 'Alarm' });
		expect(last().markdown.text).toBe('x\n\nAlarm');
		await send('Alarm: x', {}, { keyword: 'Alarm' });
		expect(last().markdown.text).toBe('Alarm: x');
		await send({ title: 'Alarm', body: 'x' }, { kind: 'link', url: 'https://example.com' }, { keyword: 'Alarm' });
		expect(last().link.text).toBe('x');
		for (const kind of ['text', 'link', 'actionCard', 'feedCard']) await send(film, { kind, keyword: 'Alarm' });
	});

	test('the whole URL as token', async () => {
		await send('x', {}, { baseUrl: undefined, accessToken: `${server.url}/robot/send?access_token=${token}` });
		await send('x', {}, { accessToken: `https://oapi.dingtalk.com/robot/send?access_token=${token}` });
		expect(server.requests.map(({ query }) => query)).toEqual([{ access_token: token }, { access_token: token }]);
	});
});

describe('refusals', () => {
	test.each([
		[310000, 'ip 1.2.3.4 not in whitelist', 'Unauthorized', 'IP ranges'],
		[310000, 'something new', 'Unauthorized', 'security settings'],
		[300001, 'token is not exist', 'Unauthorized', 'no such robot'],
		[300005, 'token is not exist', 'Unauthorized', 'no such robot'],
		[400101, 'access_token不存在', 'Unauthorized', 'no such robot'],
		[400106, '机器人不存在', 'Unauthorized', 'no such robot'],
		[400102, '机器人已停用', 'Unauthorized', 'disabled'],
		[400013, '群已被解散', 'Rejected', 'dissolved'],
		[400105, '不支持的消息类型', 'Rejected', 'options of this message type'],
		[40035, '缺少参数 json', 'Rejected', 'options of this message type'],
		[43004, '无效的HTTP HEADER Content-Type', 'Rejected', 'options of this message type'],
		[430101, '含有不安全的外链', 'Rejected', 'link'],
		[430102, '含有不合适的文本', 'Rejected', 'word it differently'],
		[430104, '含有不合适的内容', 'Rejected', 'word it differently'],
		[460101, 'message too long, exceed 20000 bytes', 'Rejected', 'shorten'],
		[130101, 'send too fast, exceed 20 times per minute', 'RateLimited', 'digest'],
		[410100, '发送速度太快而限流', 'RateLimited', 'digest'],
		[90030, 'daily limit', 'RateLimited', 'tomorrow'],
		[-1, '系统繁忙', 'Unreachable', 'try again later'],
		[999999, 'unheard of', 'Rejected', 'documentation'],
	])('%i %s', async (code, words, kind, advice) => {
		setup.next = [say(code, words)];
		const error = await refused(send('x', { attempts: 1 }), token);
		expect(error).toMatchObject({ class: kind, code: String(code) });
		expect(error.message).toContain(words);
		expect(error.message).toContain(advice);
	});

	test('too fast waits a minute and goes again', async () => {
		const clock = frozenClock(start);
		setup.next = [say(130101, 'send too fast'), say(410100, '发送速度太快而限流')];
		const receipt = await send('x', { deadline: 600 }, {}, clock);
		expect(receipt.attempts).toBe(3);
		expect(clock.slept).toEqual([60_000, 60_000]);
	});

	test.each([
		{ status: 1111, wait: 10, source: 'x5', punish: 'deny' },
		{ errcode: 130101, errmsg: 'punish: deny' },
	])('the gateway says %p', async (body) => {
		setup.next = [{ body }];
		expect(await refused(send('x', { attempts: 1 }))).toMatchObject({ class: 'RateLimited', retryAfter: 60 });
	});

	test('an unsafe picture does not cost the text', async () => {
		setup.next = [say(430103, '含有不合适的图片')];
		const receipt = await send(film);
		expect(receipt.degraded).toContain('image');
		expect(receipt.warnings).toEqual([expect.stringContaining('picture to be unsafe')]);
		expect(last().markdown.text).not.toContain('![');
		expect(last().markdown.text).toContain('[Picture](https://example.com/p.jpg)');
	});

	test('a 200 without an errcode is no success', async () => {
		setup.next = [{ body: {} }];
		expect(await refused(send('x', { attempts: 1 }))).toMatchObject({ class: 'Rejected' });
	});
});

test('no more than 20 in a minute', async () => {
	const clock = frozenClock(start);
	for (let i = 0; i < 21; i++) await send('x', {}, {}, clock);
	expect(clock.slept).toEqual([60_000]);
});

test('raw', async () => {
	const body = { msgtype: 'text', text: { content: 'x' } };
	setup.secret = key;
	await act(
		dingtalk,
		'sendRaw',
		account({ secret: key }),
		{ body: JSON.stringify(body) },
		{ clock: frozenClock(start) },
	);
	expect(last()).toEqual(body);
});
