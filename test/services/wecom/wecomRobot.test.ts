import { createHash } from 'node:crypto';
import { wecomRobot } from '../../../src/services/wecom/wecomRobot.channel';
import { act, deliver } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { formOf } from '../../multipart';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';
import type { VendorJson } from '../../../src/core/http/http';

const key = '00000000-1111-2222-3333-444444444444';
const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

let server: Service;
let next: Answer[];

const say = (errcode: number, errmsg = 'ok'): Answer => ({ body: { errcode, errmsg } });

function checkImage({ base64, md5 }: Record<string, string>): Answer {
	const data = Buffer.from(base64 ?? '', 'base64');
	if (data.toString('base64') !== base64) return say(40009, 'invalid image size');
	if (createHash('md5').update(data).digest('hex') !== md5) return say(301019, 'image md5 not match');
	return data.byteLength > 2 * 1024 * 1024 ? say(40009, 'invalid image size') : say(0);
}

function checkCard(card: VendorJson): Answer {
	if (!['text_notice', 'news_notice'].includes(card.card_type)) return say(42014, 'Template_Card.card_type invalid');
	if (!card.card_action?.type || !(card.card_action.url ?? card.card_action.appid))
		return say(42014, 'Template_Card.card_action missing or invalid');
	if (card.card_type === 'text_notice' && !card.main_title?.title && !card.sub_title_text)
		return say(42014, 'Template_Card.main_title missing');
	if (card.card_type === 'news_notice' && !card.card_image?.url && !card.image_text_area)
		return say(42014, 'Template_Card.card_image missing');
	if ((card.horizontal_content_list ?? []).length > 6 || (card.jump_list ?? []).length > 3)
		return say(42014, 'Template_Card list too long');
	return say(0);
}

/** As the robot checks and refuses. */
function answer(seen: Seen): Answer {
	const refusal = next.shift();
	if (refusal) return refusal;
	const { method, path, query, json } = seen;
	if (query.key !== key) return say(93000, 'invalid webhook url, hint: [1700000000_1], from ip: 127.0.0.1');
	if (method === 'POST' && path === '/cgi-bin/webhook/upload_media') {
		const { media } = formOf(seen);
		if (!media?.filename || media.data.byteLength <= 5) return say(44001, 'empty media data');
		return {
			body: {
				errcode: 0,
				errmsg: 'ok',
				type: query.type,
				media_id: `media-of-${media.filename}`,
				created_at: '1700000000',
			},
		};
	}
	if (method !== 'POST' || path !== '/cgi-bin/webhook/send') return { status: 404, body: 'Not Found' };
	const content = json[json.msgtype];
	switch (json.msgtype) {
		case 'text':
			return !content.content
				? say(44004, 'empty content')
				: Buffer.byteLength(content.content) > 2048
					? say(45002, 'content size out of limit')
					: say(0);
		case 'markdown':
		case 'markdown_v2':
			return !content.content
				? say(44004, 'empty content')
				: Buffer.byteLength(content.content) > 4096
					? say(40058, `${json.msgtype}.content exceed max length 4096`)
					: say(0);
		case 'image':
			return checkImage(content);
		case 'news':
			if (!(content.articles?.length >= 1 && content.articles.length <= 8))
				return say(45008, 'article size out of limit');
			return content.articles.every(
				(each: Record<string, string>) =>
					each.title &&
					Buffer.byteLength(each.title) <= 128 &&
					Buffer.byteLength(each.description ?? '') <= 512 &&
					each.url,
			)
				? say(0)
				: say(40058, 'news.articles invalid');
		case 'file':
		case 'voice':
			return content.media_id ? say(0) : say(40007, 'invalid media_id');
		case 'template_card':
			return checkCard(content);
		default:
			return say(40008, 'invalid message type');
	}
}

beforeEach(async () => {
	forgetTurns();
	next = [];
	server = await service(answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const account = (more = {}) => ({ baseUrl: server.url, key, ...more });
const send = (message: unknown, options = {}, more = {}, clock = frozenClock()) =>
	deliver(wecomRobot, account(more), options, message, { clock });
const bodies = () => server.requests.map(({ json }) => json);
const last = () => server.requests.at(-1)!.json;

const film = {
	title: 'New film',
	body: 'It is **here**',
	url: 'https://example.com/1',
	image: { url: 'https://example.com/p.jpg' },
};
const picture = { data: png, name: 'p.png', mime: 'image/png' };

test('a message with nothing set is Markdown, its picture follows', async () => {
	const receipt = await send({ title: 'T', body: '**x**', image: picture });
	expect(bodies()).toEqual([
		{ msgtype: 'markdown', markdown: { content: '**T**\n\n**x**' } },
		{
			msgtype: 'image',
			image: { base64: png.toString('base64'), md5: createHash('md5').update(png).digest('hex') },
		},
	]);
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/cgi-bin/webhook/send', query: { key } });
	expect(receipt).toMatchObject({ ok: true, channel: 'wecomRobot', degraded: [], warnings: [] });
});

test('the whole URL as key', async () => {
	await send('x', {}, { baseUrl: undefined, key: `${server.url}/cgi-bin/webhook/send?key=${key}` });
	await send('x', {}, { key: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}` });
	expect(server.requests.map(({ query }) => query.key)).toEqual([key, key]);
});

describe('message types', () => {
	test('text with mentions', async () => {
		await send(
			{ body: 'x', mentions: ['zhangsan', '13800000000'] },
			{ kind: 'text', mentionedList: 'lisi', mentionedMobileList: '13900000000' },
		);
		expect(last()).toEqual({
			msgtype: 'text',
			text: {
				content: 'x',
				mentioned_list: ['lisi', 'zhangsan'],
				mentioned_mobile_list: ['13900000000', '13800000000'],
			},
		});
	});

	test('Markdown with mentions of users', async () => {
		await send({ body: 'x <@lisi>', format: 'text', mentions: ['zhangsan'] }, { kind: 'markdown' });
		expect(last().markdown.content).toMatch(/<@zhangsan>$/);
	});

	test.each(['@all', '13800000000'])(
		'%s turns automatic into text, and is a warning in Markdown',
		async (mention) => {
			await send({ body: 'x', mentions: [mention] });
			expect(last().msgtype).toBe('text');
			const receipt = await send({ body: 'x', mentions: [mention] }, { kind: 'markdown' });
			expect(receipt.degraded).toEqual(['mentions']);
			expect(receipt.warnings).toEqual([expect.stringContaining('choose text')]);
			expect(last()).toEqual({ msgtype: 'markdown', markdown: { content: 'x' } });
		},
	);

	test('Markdown v2 shows the picture in place', async () => {
		await send(film, { kind: 'markdown_v2' });
		expect(last().msgtype).toBe('markdown_v2');
		expect(last().markdown_v2.content).toMatch(/\*\*here\*\*[^]*!\[\]\(https:\/\/example\.com\/p\.jpg\)$/);
		expect(server.requests).toHaveLength(1);
	});

	test('the picture alone', async () => {
		const receipt = await send({ body: 'text', image: picture }, { kind: 'image' });
		expect(bodies().map(({ msgtype }) => msgtype)).toEqual(['image']);
		expect(receipt.degraded).toEqual(['text']);
		expect(await refused(send('x', { kind: 'image' }))).toMatchObject({ class: 'Invalid', field: 'image' });
		next = [say(301019, 'image md5 not match')];
		expect(await refused(send({ body: 'x', image: picture }, { kind: 'image' }))).toMatchObject({
			class: 'Rejected',
			code: '301019',
		});
	});

	test('news', async () => {
		await send(film, { kind: 'news' });
		expect(last()).toEqual({
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
		});
		const articles = [
			{ title: 'a', url: 'https://example.com/a' },
			{ title: 'b', url: 'https://example.com/b' },
		];
		await send('x', { kind: 'news', articles: JSON.stringify(articles) });
		expect(last().news).toEqual({ articles });
		expect(await refused(send('x', { kind: 'news' }))).toMatchObject({ class: 'Invalid', field: 'url' });
		for (const wrong of ['[1]', JSON.stringify(Array(9).fill(articles[0]))]) {
			expect(await refused(send('x', { kind: 'news', articles: wrong }))).toMatchObject({
				class: 'Invalid',
				field: 'articles',
			});
		}
	});

	test('news within its bytes', async () => {
		await send({ ...film, title: '影'.repeat(100), body: '片'.repeat(400) }, { kind: 'news' });
	});

	test('files follow the text, or go alone', async () => {
		const attachments = [
			{ data: Buffer.from('hello there'), name: 'log 日志.txt', mime: 'text/plain' },
			{ data: Buffer.from('#!AMR\n12345'), name: 'v.amr', mime: 'audio/amr' },
		];
		await send({ body: 'x', attachments });
		expect(
			server.requests.map(({ path, query }) => path.split('/').pop() + (query.type ? `:${query.type}` : '')),
		).toEqual(['send', 'upload_media:file', 'send', 'upload_media:voice', 'send']);
		expect(formOf(server.requests[1]!).media).toMatchObject({
			filename: 'log 日志.txt',
			type: 'text/plain',
			data: attachments[0]!.data,
		});
		expect(bodies()[2]).toEqual({ msgtype: 'file', file: { media_id: 'media-of-log 日志.txt' } });
		expect(last()).toEqual({ msgtype: 'voice', voice: { media_id: 'media-of-v.amr' } });
		server.requests.length = 0;
		const receipt = await send({ body: 'x', attachments: [attachments[0]] }, { kind: 'file' });
		expect(bodies()[1]).toEqual({ msgtype: 'file', file: { media_id: 'media-of-log 日志.txt' } });
		expect(receipt.degraded).toEqual(['text']);
		await send('x', { kind: 'file', mediaId: 'm1' });
		expect(last()).toEqual({ msgtype: 'file', file: { media_id: 'm1' } });
		expect(await refused(send('x', { kind: 'file' }))).toMatchObject({ class: 'Invalid', field: 'attachments' });
	});

	test('what was sent is not sent again when a later file waits', async () => {
		next = [say(0), { body: { errcode: 0, media_id: 'm1' } }, say(45009, 'api freq out of limit')];
		const receipt = await send({
			body: 'x',
			attachments: [{ data: Buffer.from('hello there'), name: 'a.txt', mime: 'text/plain' }],
		});
		expect(receipt.attempts).toBe(2);
		expect(server.requests.map(({ path }) => path.split('/').pop())).toEqual([
			'send',
			'upload_media',
			'send',
			'send',
		]);
		expect(last()).toEqual({ msgtype: 'file', file: { media_id: 'm1' } });
	});
});

describe('template card', () => {
	const whole = {
		...film,
		level: 'failure',
		fields: [
			{ name: 'Year', value: '2026' },
			{ name: 'Page', value: 'https://example.com/page' },
		],
		buttons: [{ text: 'Open', url: 'https://example.com/o' }],
	};

	test('with a picture', async () => {
		await send(whole, {
			kind: 'template_card',
			sourceName: 'Home',
			sourceIcon: 'https://example.com/i.png',
			quote: 'q',
		});
		expect(last()).toEqual({
			msgtype: 'template_card',
			template_card: {
				card_type: 'news_notice',
				source: { icon_url: 'https://example.com/i.png', desc: 'Home', desc_color: 2 },
				main_title: { title: 'New film', desc: 'It is here' },
				card_image: { url: 'https://example.com/p.jpg', aspect_ratio: 1.3 },
				quote_area: { type: 0, quote_text: 'q' },
				horizontal_content_list: [
					{ keyname: 'Year', value: '2026' },
					{ type: 1, keyname: 'Page', value: 'example.com', url: 'https://example.com/page' },
				],
				jump_list: [{ type: 1, title: 'Open', url: 'https://example.com/o' }],
				card_action: { type: 1, url: 'https://example.com/1' },
			},
		});
	});

	test('without', async () => {
		await send(
			{ ...whole, image: undefined, url: undefined, fields: [] },
			{ kind: 'template_card', emphasis: '42' },
		);
		expect(last().template_card).toEqual({
			card_type: 'text_notice',
			main_title: { title: 'New film' },
			sub_title_text: 'It is here',
			emphasis_content: { title: '42' },
			jump_list: [{ type: 1, title: 'Open', url: 'https://example.com/o' }],
			card_action: { type: 1, url: 'https://example.com/o' },
		});
	});

	test('without a title the first line is it, and no word is lost', async () => {
		const body = 'First line\nsecond line';
		const { degraded } = await send(
			{ body, url: 'https://example.com', level: 'failure' },
			{ kind: 'template_card' },
		);
		expect(last().template_card).toMatchObject({ main_title: { title: 'First line' }, sub_title_text: body });
		expect(degraded).toEqual(['level']);
		await send({ body, url: 'https://example.com', image: whole.image }, { kind: 'template_card' });
		expect(last().template_card).toMatchObject({ main_title: { title: 'First line', desc: body } });
		expect(
			(await send(whole, { kind: 'template_card', cardType: 'text_notice', sourceName: 'Home' })).degraded,
		).toEqual(['image']);
	});

	test('with parts of one’s own', async () => {
		await send('x', {
			kind: 'template_card',
			card: '{"card_action": {"type": 2, "appid": "wx1"}, "vertical_content_list": [{"title": "a"}]}',
		});
		expect(last().template_card).toEqual({
			card_type: 'text_notice',
			main_title: { title: 'x' },
			card_action: { type: 2, appid: 'wx1' },
			vertical_content_list: [{ title: 'a' }],
		});
	});

	test.each([
		['x', {}, 'card_action'],
		[{ body: 'x', url: 'https://example.com' }, { cardType: 'news_notice' }, 'card_image'],
		['x', { card: '[]' }, 'JSON object'],
	])('%p with %p says what is missing', async (message, options, words) => {
		const error = await refused(send(message, { kind: 'template_card', ...options }));
		expect(error).toMatchObject({ class: 'Invalid', field: 'card' });
		expect(error.message).toContain(words);
	});
});

describe('a picture never costs the text', () => {
	test.each([
		['too large', { data: Buffer.alloc(2 * 1024 * 1024 + 1, 1), name: 'p.png', mime: 'image/png' }],
		['WebP', { data: Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), name: 'p.webp', mime: 'image/webp' }],
		['a GIF', { data: Buffer.from('GIF89a12345', 'latin1'), name: 'p.gif', mime: 'image/gif' }],
		['a drawing', { data: Buffer.from('<svg></svg>'), name: 'p.svg', mime: 'image/svg+xml' }],
	])('%s goes as a file', async (_, image) => {
		const receipt = await send({ body: 'x', image });
		expect(bodies().map((body) => body?.msgtype)).toEqual(['markdown', undefined, 'file']);
		expect(server.requests[1]!.path).toMatch(/upload_media$/);
		expect([receipt.degraded, receipt.warnings]).toEqual([[], [expect.stringContaining('as a file')]]);
	});

	test.each([
		['too large for a file too', Buffer.alloc(20 * 1024 * 1024 + 1, 1), 'at most 2 MB'],
		['too small', Buffer.from('x'), 'fewer than 6 bytes'],
	])('%s', async (_, data, words) => {
		const receipt = await send({ body: 'x', image: { data, name: 'p.png', mime: 'image/png' } });
		expect(bodies()).toHaveLength(1);
		expect([receipt.degraded, receipt.warnings]).toEqual([['image'], [expect.stringContaining(words)]]);
	});

	test('nor does a file, nor the other files', async () => {
		const file = (name: string, size: number) => ({ name, mime: 'text/plain', data: Buffer.alloc(size, 1) });
		const receipt = await send({ body: 'x', attachments: [file('a', 1), file('b', 9)] });
		expect(bodies().map((body) => body?.msgtype)).toEqual(['markdown', undefined, 'file']);
		expect([receipt.degraded, receipt.warnings]).toEqual([['attachments'], [expect.stringContaining('“a”')]]);
	});

	test.each([
		[40009, 'invalid image size'],
		[301019, 'md5'],
		[40058, 'image invalid'],
	])('refused with %i', async (code, words) => {
		next = [say(0), say(code, words)];
		const receipt = await send({ body: 'x', image: picture });
		expect(receipt.degraded).toEqual(['image']);
		expect(receipt.warnings).toEqual([expect.stringContaining(words)]);
		expect(bodies().map(({ msgtype }) => msgtype)).toEqual(['markdown', 'image']);
	});
});

describe('limits', () => {
	test.each([
		['text', 2048],
		['markdown', 4096],
		['markdown_v2', 4096],
	])('%s is split within %i bytes', async (kind) => {
		const receipt = await send({ body: '片'.repeat(4_000), format: 'text', mentions: ['zhangsan'] }, { kind });
		expect(receipt.parts).toBeGreaterThan(2);
		const mentioned = bodies().filter((body) => JSON.stringify(body).includes('zhangsan'));
		expect(mentioned).toHaveLength(kind === 'markdown_v2' ? 0 : 1);
	});

	test('20 in a minute', async () => {
		const clock = frozenClock();
		for (let i = 0; i < 21; i++) await send('x', {}, {}, clock);
		expect(clock.slept).toEqual([60_000]);
	});

	test('over it, wait a minute', async () => {
		const clock = frozenClock();
		next = [say(45009, 'api freq out of limit'), say(1, 'freq out of limit')];
		expect((await send('x', { deadline: 600 }, {}, clock)).attempts).toBe(3);
		expect(clock.slept).toEqual([60_000, 60_000]);
	});
});

describe('refusals', () => {
	test('a wrong key', async () => {
		const wrong = '99999999-1111-2222-3333-444444444444';
		const error = await refused(send('x', {}, { key: wrong }), wrong);
		expect(error).toMatchObject({ class: 'Unauthorized', code: '93000' });
		expect(error.message).toContain('copy the webhook URL');
	});

	test.each([
		[40058, 'invalid Request Parameter', 'Rejected', 'compare the options'],
		[40008, 'invalid message type', 'Rejected', 'choose another'],
		[40007, 'invalid media_id', 'Rejected', '3 days'],
		[44004, 'empty content', 'Rejected', 'fill in a text'],
		[45002, 'content size out of limit', 'Rejected', 'shorten'],
		[45008, 'article size out of limit', 'Rejected', '8 articles'],
		[42014, 'Template_Card.card_action missing', 'Rejected', 'compare the options'],
		[40033, 'invalid charset', 'Rejected', 'control characters'],
		[45033, 'api concurrent out of limit', 'RateLimited', 'digest'],
		[-1, 'system busy', 'Unreachable', 'try again later'],
		[12345, 'unheard of', 'Rejected', 'documentation'],
	])('%i %s', async (code, words, kind, advice) => {
		next = [say(code, words)];
		const error = await refused(send('x', { attempts: 1 }), key);
		expect(error).toMatchObject({ class: kind, code: String(code) });
		expect(error.message).toContain(words);
		expect(error.message).toContain(advice);
	});
});

describe('actions', () => {
	test('upload', async () => {
		const file = { name: 'a.txt', mime: 'text/plain', data: Buffer.from('hello there') };
		const answered = await act(
			wecomRobot,
			'uploadFile',
			account(),
			{ file: 'data' },
			{ binary: () => Promise.resolve(file) },
		);
		expect(answered.media_id).toBe('media-of-a.txt');
		expect(
			await refused(
				act(
					wecomRobot,
					'uploadFile',
					account(),
					{ file: 'data', type: 'voice' },
					{ binary: () => Promise.resolve(file) },
				),
			),
		).toMatchObject({ class: 'Invalid', field: 'file' });
		const tiny = { ...file, data: Buffer.from('12345') };
		expect(
			(
				await refused(
					act(wecomRobot, 'uploadFile', account(), { file: 'data' }, { binary: () => Promise.resolve(tiny) }),
				)
			).message,
		).toContain('6 bytes');
	});

	test('raw', async () => {
		await act(wecomRobot, 'sendRaw', account(), { body: '{"msgtype": "text", "text": {"content": "x"}}' });
		expect(last()).toEqual({ msgtype: 'text', text: { content: 'x' } });
	});
});
