import { receivers } from '../../../src/services/wecom/appApi';
import { wecomApp } from '../../../src/services/wecom/wecomApp.channel';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { forgetTokens } from '../../../src/core/deliver/send/token';
import { formOf } from '../../multipart';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';

const secret = 'app-secret-0123456789';
const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);
const picture = { data: png, name: 'p.png', mime: 'image/png' };
const members = ['zhangsan', 'lisi'];

let server: Service;
let tokens: string[];
/** Answers to come before the service looks at anything: by path. */
let next: Record<string, Answer[]>;
/** A relay that passes these paths only. */
let passes: string[] | undefined;
let blocked: Answer;

const say = (errcode: number, errmsg = 'ok', more = {}): Answer => ({ body: { errcode, errmsg, ...more } });
type Content = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- what a test sent

function checkContent(type: string, content: Content | undefined): Answer | undefined {
	const size = (text: unknown) => Buffer.byteLength(String(text ?? ''));
	if (!content) return say(40008, 'invalid message type');
	switch (type) {
		case 'text':
		case 'markdown':
			if (!content.content) return say(44004, 'empty content');
			return size(content.content) > 2048 ? say(45002, 'content size out of limit') : undefined;
		case 'textcard':
			return content.title &&
				content.description &&
				content.url &&
				[...content.description].length <= 512 &&
				[...(content.btntxt ?? '')].length <= 4
				? undefined
				: say(40058, 'textcard invalid');
		case 'news':
			return content.articles.every(
				(each: Content) =>
					each.title && size(each.title) <= 128 && size(each.description) <= 512 && (each.url ?? each.appid),
			)
				? undefined
				: say(40058, 'news.articles invalid');
		case 'mpnews':
			return content.articles.every(
				(each: Content) =>
					each.title &&
					size(each.title) <= 128 &&
					each.thumb_media_id &&
					each.content &&
					size(each.digest) <= 512,
			)
				? undefined
				: say(40058, 'mpnews.articles invalid');
		case 'image':
		case 'voice':
		case 'file':
		case 'video':
			return /^media-/.test(content.media_id) && size(content.title) <= 128 && size(content.description) <= 512
				? undefined
				: say(40007, 'invalid media_id');
		case 'miniprogram_notice':
			return content.appid && content.title ? undefined : say(40058, 'miniprogram_notice invalid');
		case 'template_card':
			return /_interaction$/.test(content.card_type) && !/^[\w@-]{1,128}$/.test(content.task_id ?? '')
				? say(42014, 'Template_Card.task_id missing or invalid')
				: undefined;
		default:
			return say(40008, 'invalid message type');
	}
}

function sendMessage(json: Content): Answer {
	if (json.agentid !== 1000002) return say(301002, 'not allow operate another agent with this accesstoken');
	const users = String(json.touser ?? '')
		.split('|')
		.filter(Boolean);
	if (users.length === 0 && !json.toparty && !json.totag) return say(40058, 'touser, toparty, totag all empty');
	const invalid = users.filter((user) => user !== '@all' && !members.includes(user));
	if (invalid.length === users.length && !json.toparty && !json.totag)
		return say(81013, `user & party & tag all invalid, invaliduser: ${invalid.join('|')}`);
	const refusal = checkContent(json.msgtype, json[json.msgtype]);
	if (refusal) return refusal;
	return say(0, 'ok', {
		msgid: `msg-${server.requests.length}`,
		...(invalid.length > 0 && { invaliduser: invalid.join('|') }),
		...(/_interaction$/.test(json.template_card?.card_type ?? '') && { response_code: 'rc1' }),
	});
}

/** As WeCom checks and refuses: always with HTTP 200; or a relay in front of it. */
function answer(seen: Seen): Answer {
	const { method, path, query, json } = seen;
	if (passes && !passes.includes(path)) return blocked;
	const refusal = next[path]?.shift();
	if (refusal) return refusal;
	if (path === '/cgi-bin/gettoken') {
		if (query.corpid !== 'ww1') return say(40013, 'invalid corpid');
		if (query.corpsecret !== secret) return say(40001, 'invalid credential');
		return say(0, 'ok', { access_token: tokens[0], expires_in: 7200 });
	}
	if (query.access_token !== tokens[0]) return say(40014, 'invalid access_token');
	switch (`${method} ${path}`) {
		case 'POST /cgi-bin/message/send':
			return sendMessage(json);
		case 'POST /cgi-bin/media/upload':
		case 'POST /cgi-bin/media/uploadimg': {
			const { media } = formOf(seen);
			if (!media?.filename || media.data.byteLength <= 5) return say(44001, 'empty media data');
			return path.endsWith('img')
				? say(0, 'ok', { url: 'https://wework.qpic.cn/x' })
				: say(0, 'ok', { type: query.type, media_id: `media-${query.type}-${media.filename}` });
		}
		case 'GET /cgi-bin/agent/get':
		case 'GET /cgi-bin/menu/get':
		case 'GET /cgi-bin/menu/delete':
		case 'POST /cgi-bin/menu/create':
			return query.agentid === '1000002' ? say(0) : say(40056, 'invalid agentid');
		case 'POST /cgi-bin/message/recall':
			return json.msgid ? say(0) : say(40058, 'msgid missing');
		case 'POST /cgi-bin/message/update_template_card':
			return json.response_code && json.agentid ? say(0) : say(40058, 'response_code missing');
		default:
			return { status: 404, body: 'Not Found' };
	}
}

beforeEach(async () => {
	forgetTurns();
	// A port may come back, and with it the token of an earlier test.
	forgetTokens();
	tokens = ['token-one-123456'];
	next = {};
	passes = undefined;
	blocked = { status: 404, body: '<html><title>404 Not Found</title></html>' };
	server = await service(answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const account = (more = {}) => ({
	baseUrl: server.url,
	corpId: 'ww1',
	corpSecret: secret,
	agentId: 1000002,
	to: 'zhangsan',
	...more,
});
const send = (message: unknown, options = {}, more = {}) =>
	deliver(wecomApp, account(more), options, message, { clock: frozenClock() });
const calls = () => server.requests.map(({ path }) => path.replace('/cgi-bin/', ''));
const sent = () => server.requests.filter(({ path }) => path === '/cgi-bin/message/send').map(({ json }) => json);
const film = {
	title: 'New film',
	body: 'It is **here**',
	url: 'https://example.com/1',
	image: { url: 'https://example.com/p.jpg' },
};
const head = { touser: 'zhangsan', agentid: 1000002 };

describe('automatic', () => {
	test('text', async () => {
		const receipt = await send({ title: 'T', body: '**x**' });
		expect(sent()).toEqual([{ ...head, msgtype: 'text', text: { content: 'T\n\nx' } }]);
		expect(server.requests[0]).toMatchObject({ method: 'GET', query: { corpid: 'ww1', corpsecret: secret } });
		expect(server.requests[1]).toMatchObject({ method: 'POST', query: { access_token: 'token-one-123456' } });
		expect(receipt).toMatchObject({
			channel: 'wecomApp',
			ids: ['msg-2'],
			handle: { msgid: 'msg-2' },
			warnings: [],
			degraded: [],
		});
	});

	test('news where there is a picture and a link', async () => {
		await send(film);
		expect(sent()).toEqual([
			{
				...head,
				msgtype: 'news',
				news: {
					articles: [
						{
							title: 'New film',
							description: 'It is here',
							url: 'https://example.com/1',
							picurl: 'https://example.com/p.jpg',
						},
					],
				},
			},
		]);
	});

	test('a text card where there is only a link', async () => {
		await send({ ...film, image: undefined, body: 'a\nb', format: 'text' }, { btntxt: '打开' });
		expect(sent()).toEqual([
			{
				...head,
				msgtype: 'textcard',
				textcard: { title: 'New film', description: 'a<br>b', url: 'https://example.com/1', btntxt: '打开' },
			},
		]);
	});

	test('a picture of bytes follows the card', async () => {
		await send({ ...film, image: picture });
		expect(calls()).toEqual(['gettoken', 'message/send', 'media/upload', 'message/send']);
		expect(formOf(server.requests[2]!).media).toMatchObject({ filename: 'p.png', type: 'image/png', data: png });
		expect(sent().map(({ msgtype }) => msgtype)).toEqual(['textcard', 'image']);
		expect(sent()[1]).toEqual({ ...head, msgtype: 'image', image: { media_id: 'media-image-p.png' } });
	});

	test('text where it is too long for a card, or has buttons', async () => {
		await send({ ...film, image: undefined, body: '片'.repeat(300) });
		await send({ ...film, image: undefined, buttons: [{ text: 'A', url: 'https://example.com/a' }] });
		expect(sent().map(({ msgtype }) => msgtype)).toEqual(['text', 'text']);
		expect(sent()[1].text.content).toContain('https://example.com/a');
	});

	test('the default picture by media id', async () => {
		await send('x', {}, { defaultMediaId: 'media-default' });
		expect(sent().map(({ msgtype, image }) => [msgtype, image])).toEqual([
			['text', undefined],
			['image', { media_id: 'media-default' }],
		]);
	});
});

describe('message types', () => {
	test('Markdown', async () => {
		await send({ title: 'T', body: '**x**' }, { kind: 'markdown' });
		expect(sent()).toEqual([{ ...head, msgtype: 'markdown', markdown: { content: '**T**\n\n**x**' } }]);
	});

	test.each([
		['text', 2048],
		['markdown', 2048],
	])('%s is split within %i bytes', async (kind) => {
		expect((await send({ body: '片'.repeat(3_000), format: 'text' }, { kind })).parts).toBeGreaterThan(3);
	});

	test('news of several articles', async () => {
		const articles = [
			{ title: 'a', url: 'https://example.com/a' },
			{ title: 'b', appid: 'wx1', pagepath: 'p' },
		];
		await send('x', { kind: 'news', articles: JSON.stringify(articles) });
		expect(sent()[0].news).toEqual({ articles });
	});

	test('mpnews', async () => {
		await send({ ...film, image: picture }, { kind: 'mpnews', author: 'me' });
		expect(calls()).toEqual(['gettoken', 'media/upload', 'message/send']);
		expect(sent()[0].mpnews.articles).toEqual([
			{
				title: 'New film',
				thumb_media_id: 'media-image-p.png',
				author: 'me',
				content_source_url: 'https://example.com/1',
				content: expect.stringMatching(/<p.*It is <b>here<\/b>/),
				digest: 'It is here',
			},
		]);
		await send({ body: 'x' }, { kind: 'mpnews' }, { defaultMediaId: 'media-default' });
		expect(sent()[1].mpnews.articles[0]).toMatchObject({ title: 'x', thumb_media_id: 'media-default' });
		expect(await refused(send('x', { kind: 'mpnews' }))).toMatchObject({ class: 'Invalid', field: 'image' });
	});

	test('media that were uploaded earlier', async () => {
		for (const kind of ['image', 'voice', 'video', 'file'])
			await send({ title: 't', body: 'b' }, { kind, mediaId: 'media-1' });
		expect(sent().map(({ msgtype, ...rest }) => rest[msgtype])).toEqual([
			{ media_id: 'media-1' },
			{ media_id: 'media-1' },
			{ media_id: 'media-1', title: 't', description: 'b' },
			{ media_id: 'media-1' },
		]);
		expect((await send('x', { kind: 'voice', mediaId: 'media-1' })).degraded).toEqual(['text']);
		for (const kind of ['voice', 'video', 'file'])
			expect(await refused(send('x', { kind }))).toMatchObject({ class: 'Invalid', field: 'attachments' });
		expect(await refused(send('x', { kind: 'image' }))).toMatchObject({ class: 'Invalid', field: 'image' });
	});

	test('attachments, each as what it is', async () => {
		const attachments = [
			picture,
			{ data: Buffer.from('#!AMR\n1234'), name: 'v.amr', mime: 'audio/amr' },
			{ data: Buffer.from('0123456789'), name: 'v.mp4', mime: 'video/mp4' },
			{ data: Buffer.from('0123456789'), name: 'a.pdf', mime: 'application/pdf' },
		];
		await send({ body: 'x', attachments });
		expect(sent().map(({ msgtype, ...rest }) => [msgtype, rest[msgtype].media_id])).toEqual([
			['text', undefined],
			['image', 'media-image-p.png'],
			['voice', 'media-voice-v.amr'],
			['video', 'media-video-v.mp4'],
			['file', 'media-file-a.pdf'],
		]);
		await send({ title: 't', body: 'b', attachments: [attachments[2]] }, { kind: 'video' });
		expect(sent().at(-1).video).toEqual({ media_id: 'media-video-v.mp4', title: 't', description: 'b' });
	});

	test('mini program', async () => {
		await send(
			{ title: 'T', body: 'b', fields: [{ name: 'k', value: 'v' }] },
			{ kind: 'miniprogram_notice', appId: 'wx1', page: 'pages/index', emphasizeFirst: true },
		);
		expect(sent()[0].miniprogram_notice).toEqual({
			appid: 'wx1',
			page: 'pages/index',
			title: 'T',
			description: 'b',
			emphasis_first_item: true,
			content_item: [{ key: 'k', value: 'v' }],
		});
	});

	test.each(['textcard', 'news'])('%s without a link', async (kind) => {
		expect(await refused(send('x', { kind }))).toMatchObject({ class: 'Invalid', field: 'url' });
	});

	test('every switch', async () => {
		await send('x', {
			kind: 'text',
			safe: true,
			enableIdTrans: true,
			enableDuplicateCheck: true,
			duplicateCheckInterval: 60,
		});
		expect(sent()[0]).toMatchObject({
			safe: 1,
			enable_id_trans: 1,
			enable_duplicate_check: 1,
			duplicate_check_interval: 60,
		});
		await send(film, { kind: 'news', safe: true });
		expect(sent()[1]).not.toHaveProperty('safe');
	});
});

describe('template cards', () => {
	const buttons = [
		{ text: 'Yes', value: 'yes' },
		{ text: 'No', value: 'no', style: 'danger' },
		{ text: 'Open', url: 'https://example.com' },
	];

	test('notices', async () => {
		await send(film, { kind: 'template_card' });
		await send(
			{ ...film, image: undefined },
			{
				kind: 'template_card',
				card: '{"action_menu": {"desc": "d", "action_list": [{"text": "a", "key": "k"}]}}',
			},
		);
		expect(sent().map(({ template_card }) => template_card.card_type)).toEqual(['news_notice', 'text_notice']);
		expect(sent()[1].template_card.task_id).toMatch(/^[\w-]{36}$/);
	});

	test('buttons', async () => {
		const receipt = await send(
			{ title: 'Update?', body: 'x', key: 'update:1', buttons },
			{ kind: 'template_card', cardType: 'button_interaction' },
		);
		expect(sent()[0].template_card).toEqual({
			card_type: 'button_interaction',
			main_title: { title: 'Update?', desc: 'x' },
			task_id: expect.stringMatching(/^[0-9a-f]{64}$/),
			button_list: [
				{ text: 'Yes', style: 1, type: 0, key: 'yes' },
				{ text: 'No', style: 3, type: 0, key: 'no' },
				{ text: 'Open', style: 2, type: 1, url: 'https://example.com' },
			],
			card_action: { type: 1, url: 'https://example.com' },
		});
		expect(receipt.handle).toEqual({ msgid: 'msg-2', responseCode: 'rc1' });
		await send(
			{ body: 'x', key: 'job_1', buttons },
			{ kind: 'template_card', cardType: 'button_interaction', taskId: 'own' },
		);
		await send({ body: 'x', key: 'job_1', buttons }, { kind: 'template_card', cardType: 'button_interaction' });
		expect(
			sent()
				.slice(1)
				.map(({ template_card }) => template_card.task_id),
		).toEqual(['own', 'job_1']);
	});

	test('a vote and selections', async () => {
		const checkbox = { question_key: 'q', option_list: [{ id: '1', text: 'a' }], mode: 0 };
		await send(
			{ title: 'T', body: 'x', buttons: [{ text: 'Send', value: 'go' }] },
			{ kind: 'template_card', cardType: 'vote_interaction', card: JSON.stringify({ checkbox }) },
		);
		expect(sent()[0].template_card).toMatchObject({
			card_type: 'vote_interaction',
			checkbox,
			submit_button: { text: 'Send', key: 'go' },
		});
		const select_list = [{ question_key: 'q', title: 't', option_list: [{ id: '1', text: 'a' }] }];
		await send('x', {
			kind: 'template_card',
			cardType: 'multiple_interaction',
			card: JSON.stringify({ select_list }),
		});
		expect(sent()[1].template_card).toMatchObject({
			card_type: 'multiple_interaction',
			select_list,
			submit_button: { text: 'OK', key: 'submit' },
		});
		for (const [cardType, part] of [
			['button_interaction', 'button_list'],
			['vote_interaction', 'checkbox'],
			['multiple_interaction', 'select_list'],
		]) {
			const error = await refused(send('x', { kind: 'template_card', cardType }));
			expect(error).toMatchObject({ class: 'Invalid', field: 'card', code: part });
		}
	});
});

describe('recipients', () => {
	test('of each kind', async () => {
		await send('x', { to: 'zhangsan|lisi, party:2, tag:3\nparty:4' });
		expect(sent()[0]).toMatchObject({ touser: 'zhangsan|lisi', toparty: '2|4', totag: '3' });
		await send('x', { to: '@all, party:2' });
		expect(sent()[1]).toMatchObject({ touser: '@all' });
		expect(sent()[1]).not.toHaveProperty('toparty');
		await send({ body: 'x', to: 'lisi' }, { allowTo: true });
		expect(sent()[2]).toMatchObject({ touser: 'lisi' });
	});

	test('too many, or none', () => {
		expect(() => receivers([Array.from({ length: 1_001 }, (_, i) => `u${i}`).join('|')])).toThrow('1000 users');
		expect(() => receivers(['party:'])).toThrow('at least one recipient');
	});

	test('some that are invalid are a warning', async () => {
		const receipt = await send('x', { to: 'zhangsan|nobody' });
		expect(receipt.warnings).toEqual([expect.stringContaining('nobody')]);
	});

	test('all that are invalid are an error', async () => {
		const error = await refused(send('x', { to: 'nobody' }));
		expect(error).toMatchObject({ class: 'Invalid', field: 'to', code: '81013' });
		expect(error.message).toContain('visible range');
	});
});

describe('token', () => {
	test('is asked for once', async () => {
		await Promise.all([send('a'), send('b')]);
		await send('c');
		expect(calls().filter((path) => path === 'gettoken')).toHaveLength(1);
	});

	test.each([40014, 42001])('is fetched again after %i', async (code) => {
		await send('a');
		tokens = ['token-two-123456'];
		next['/cgi-bin/message/send'] = [say(code, 'invalid access_token')];
		await send('b');
		expect(calls()).toEqual(['gettoken', 'message/send', 'message/send', 'gettoken', 'message/send']);
		expect(server.requests.at(-1)!.query.access_token).toBe('token-two-123456');
	});

	test.each([
		[{ corpSecret: 'wrong-secret-1234' }, '40001', 'app secret'],
		[{ corpId: 'ww2' }, '40013', 'corp ID'],
		[{ agentId: 7 }, '301002', 'agent ID'],
	])('%p', async (more, code, words) => {
		const error = await refused(send('x', {}, more), 'wrong-secret-1234', secret, tokens[0]!);
		expect(error).toMatchObject({ class: 'Unauthorized', code });
		expect(error.message).toContain(words);
	});
});

describe('a relay that passes only some paths', () => {
	beforeEach(() => {
		passes = ['/cgi-bin/gettoken', '/cgi-bin/message/send', '/cgi-bin/menu/create'];
	});

	test.each<Answer>([
		{ status: 404, body: '<html><title>404 Not Found</title></html>' },
		{ status: 502, body: '' },
		{ status: 200, body: '<html></html>' },
		{ status: 403, body: { message: 'no' } },
	])('%p: the text goes, the picture is a warning that names the path', async (reply) => {
		blocked = reply;
		const receipt = await send({ body: 'x', image: picture });
		expect(sent().map(({ msgtype }) => msgtype)).toEqual(['text']);
		expect(receipt.degraded).toEqual(['image']);
		expect(receipt.warnings).toEqual([expect.stringContaining('POST /cgi-bin/media/upload')]);
	});

	test('mpnews goes as text', async () => {
		const receipt = await send({ title: 'T & t', body: '**x** <y>', image: picture }, { kind: 'mpnews' });
		expect(sent()).toEqual([{ ...head, msgtype: 'text', text: { content: expect.stringMatching(/^T & t\n\nx/) } }]);
		expect(receipt.warnings).toEqual([expect.stringContaining('/cgi-bin/media/upload')]);
	});

	test('an action names its path', async () => {
		const error = await refused(act(wecomApp, 'recallMessage', account(), { messageId: 'm' }), secret, tokens[0]!);
		expect(error.message).toContain('POST /cgi-bin/message/recall');
		await act(wecomApp, 'createMenu', account(), { menu: '[{}]' });
	});

	test('the account is fine', async () => {
		await verify(wecomApp, account());
	});
});

describe('refusals', () => {
	test.each([
		[60020, 'not allow to access from your ip, from ip: 1.2.3.4', 'Unauthorized', 'trusted IPs'],
		[48002, 'api forbidden', 'Unauthorized', 'permission'],
		[50003, 'app disabled', 'Unauthorized', 'disabled'],
		[60011, 'no privilege to access/modify contact/party/agent', 'Rejected', 'visible range'],
		[82001, 'all invalid', 'Invalid', 'recipients'],
		[82002, 'too many parties', 'Invalid', '100 departments'],
		[40056, 'invalid agentid', 'Unauthorized', 'agent ID'],
		[40007, 'invalid media_id', 'Rejected', '3 days'],
		[40008, 'invalid message type', 'Rejected', 'choose another'],
		[40033, 'invalid charset', 'Rejected', 'control characters'],
		[44004, 'empty content', 'Rejected', 'fill in a text'],
		[45002, 'too large', 'Rejected', 'shorten'],
		[45009, 'api freq out of limit', 'RateLimited', 'digest'],
		[45033, 'concurrent', 'RateLimited', 'digest'],
		[-1, 'system busy', 'Unreachable', 'try again later'],
	])('%i %s', async (code, words, kind, advice) => {
		next['/cgi-bin/message/send'] = [say(code, words)];
		const error = await refused(send('x', { attempts: 1 }), secret, tokens[0]!);
		expect(error).toMatchObject({ class: kind, code: String(code) });
		expect(error.message).toContain(words);
		expect(error.message).toContain(advice);
	});

	test('a picture that WeCom refuses does not cost the text', async () => {
		next['/cgi-bin/media/upload'] = [say(40009, 'invalid image size')];
		const receipt = await send({ body: 'x', image: picture });
		expect(receipt).toMatchObject({
			degraded: ['image'],
			warnings: [expect.stringContaining('invalid image size')],
		});
	});

	test.each([
		['larger than 10 MB', { data: Buffer.alloc(10 * 1024 * 1024 + 1), name: 'p.png', mime: 'image/png' }],
		['WebP', { data: Buffer.from('RIFF....WEBPVP8 '), name: 'p.webp' }],
		['SVG', { data: Buffer.from('<svg></svg>'), name: 'p.svg', mime: 'image/svg+xml' }],
	])('a picture that WeCom does not show, since it is %s, goes as a file', async (_, image) => {
		const receipt = await send({ body: 'x', image });
		expect(receipt).toMatchObject({ degraded: [], warnings: [expect.stringContaining('as a file')] });
		expect(sent().map((each: { msgtype: string }) => each.msgtype)).toEqual(['text', 'file']);
	});

	test('sizes', async () => {
		const big = (mb: number) => ({ data: Buffer.alloc(mb * 1024 * 1024 + 1), name: 'p.png', mime: 'image/png' });
		expect((await send({ body: 'x', image: big(2) })).warnings).toEqual([
			expect.stringContaining('more than 2 MB'),
		]);
		expect(await send({ body: 'x', image: big(20) })).toMatchObject({
			degraded: ['image'],
			warnings: [expect.stringContaining('at most 10 MB')],
		});
		const zip = { ...big(20), name: 'a.zip', mime: 'application/zip' };
		expect(await send({ body: 'x', attachments: [zip] })).toMatchObject({
			degraded: ['attachments'],
			warnings: [expect.stringContaining('at most 20 MB')],
		});
		expect(await refused(send({ body: '', attachments: [zip] }))).toMatchObject({
			class: 'Invalid',
			field: 'attachments',
		});
	});
});

describe('verify', () => {
	test('checks secret and agent without sending', async () => {
		await verify(wecomApp, account());
		expect(calls()).toEqual(['gettoken', 'agent/get']);
	});

	test('finds what is wrong', async () => {
		expect(
			await refused(verify(wecomApp, account({ corpSecret: 'wrong-secret-1234' })), 'wrong-secret-1234'),
		).toMatchObject({ code: '40001' });
		expect(await refused(verify(wecomApp, account({ agentId: 7 })))).toMatchObject({ code: '40056' });
		next['/cgi-bin/agent/get'] = [say(60020, 'not allow to access from your ip')];
		expect(await refused(verify(wecomApp, account()))).toMatchObject({ code: '60020' });
		expect(await refused(verify(wecomApp, account({ encodingAesKey: 'short' })))).toMatchObject({
			class: 'Invalid',
			field: 'encodingAesKey',
		});
	});
});

describe('actions', () => {
	const run = (name: string, input: Record<string, unknown>, context = {}) =>
		act(wecomApp, name, account(), input, context);
	const last = () => server.requests.at(-1)!;
	const file = { name: 'p.png', mime: 'image/png', data: png };
	const binary = () => Promise.resolve(file);

	test('recall', async () => {
		await run('recallMessage', { messageId: 'm1' });
		expect(last().json).toEqual({ msgid: 'm1' });
	});

	test('update a card', async () => {
		await run('updateCard', { responseCode: 'rc', replaceName: 'Done' });
		expect(last().json).toEqual({
			atall: 1,
			agentid: 1000002,
			response_code: 'rc',
			button: { replace_name: 'Done' },
		});
		await run('updateCard', {
			responseCode: 'rc',
			to: 'zhangsan, party:2, tag:3',
			card: '{"card_type": "text_notice"}',
		});
		expect(last().json).toEqual({
			userids: ['zhangsan'],
			partyids: [2],
			tagids: [3],
			agentid: 1000002,
			response_code: 'rc',
			template_card: { card_type: 'text_notice' },
		});
		expect(await refused(run('updateCard', { responseCode: 'rc' }))).toMatchObject({
			class: 'Invalid',
			field: 'replaceName',
		});
	});

	test('menu', async () => {
		const button = [{ type: 'click', name: 'Status', key: 'status' }];
		await run('createMenu', { menu: JSON.stringify(button) });
		expect(last()).toMatchObject({
			method: 'POST',
			path: '/cgi-bin/menu/create',
			query: { agentid: '1000002' },
			json: { button },
		});
		await run('createMenu', { menu: JSON.stringify({ button }) });
		expect(last().json).toEqual({ button });
		const buttons = [
			{ name: 'Status', data: 'status' },
			{ name: 'More' },
			{ name: 'Docs', does: 'view', data: 'https://docs.example.com', under: 'More' },
			{ name: 'Scan', does: 'scancode_push', data: 'scan', under: 'More' },
		];
		await run('createMenu', { buttons });
		expect(last().json).toEqual({
			button: [
				{ type: 'click', name: 'Status', key: 'status' },
				{
					name: 'More',
					sub_button: [
						{ type: 'view', name: 'Docs', url: 'https://docs.example.com' },
						{ type: 'scancode_push', name: 'Scan', key: 'scan' },
					],
				},
			],
		});
		for (const wrong of [[], [{ name: 'Empty' }], [...buttons, { name: 'Lost', data: 'x', under: 'Nobody' }]])
			expect(await refused(run('createMenu', { buttons: wrong }))).toMatchObject({
				class: 'Invalid',
				field: 'buttons',
			});
		await run('getMenu', {});
		expect(last()).toMatchObject({ method: 'GET', path: '/cgi-bin/menu/get', query: { agentid: '1000002' } });
		await run('deleteMenu', {});
		expect(last()).toMatchObject({ method: 'GET', path: '/cgi-bin/menu/delete' });
	});

	test('uploads', async () => {
		expect(await run('uploadMedia', { file: 'data', type: 'image' }, { binary })).toMatchObject({
			media_id: 'media-image-p.png',
		});
		expect(await run('uploadImage', { file: 'data' }, { binary })).toMatchObject({
			url: 'https://wework.qpic.cn/x',
		});
		expect(await refused(run('uploadMedia', { file: 'data', type: 'voice' }, { binary }))).toMatchObject({
			class: 'Invalid',
			field: 'file',
		});
	});

	test('raw', async () => {
		await run('sendRaw', { body: '{"touser": "lisi", "msgtype": "text", "text": {"content": "x"}}' });
		expect(last().json).toEqual({ agentid: 1000002, touser: 'lisi', msgtype: 'text', text: { content: 'x' } });
	});

	test('a stale token is replaced', async () => {
		await run('getMenu', {});
		tokens = ['token-two-123456'];
		await run('getMenu', {});
		expect(calls()).toEqual(['gettoken', 'menu/get', 'menu/get', 'gettoken', 'menu/get']);
	});
});
