import { createHmac } from 'node:crypto';
import { feishuRobot, sign } from '../../../src/services/feishu/feishuRobot.channel';
import { act, deliver } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';

const token = '00000000-aaaa-bbbb-cccc-dddddddddddd';
const key = 'signing-secret-1';
const start = 1_700_000_000_000;

let server: Service;
let setup: { secret?: string; keyword?: string; next: Answer[] };

const no = (code: number, msg: string, status = 200): Answer => ({ status, body: { code, msg, data: {} } });

/** As the robot checks and refuses. */
function answer({ method, path, json, body }: Seen): Answer {
	const next = setup.next.shift();
	if (next) return next;
	if (method === 'POST' && path === `/open-apis/bot/hook/${token}`)
		return json.text
			? { body: { StatusCode: 0, StatusMessage: 'success' } }
			: { body: { StatusCode: 19002, StatusMessage: 'params error' } };
	if (method !== 'POST' || path !== `/open-apis/bot/v2/hook/${token}`)
		return no(19001, 'param invalid: incoming webhook access token invalid');
	if (body.byteLength > 20 * 1024) return no(9499, 'Bad Request', 400);
	if (setup.secret) {
		if (typeof json.timestamp !== 'string' || Math.abs(Number(json.timestamp) - start / 1000) > 3_600)
			return no(19021, 'sign match fail or timestamp is not within one hour from current time');
		if (json.sign !== createHmac('sha256', `${json.timestamp}\n${setup.secret}`).digest('base64'))
			return no(19021, 'sign match fail or timestamp is not within one hour from current time');
	}
	const { msg_type: type, content, card } = json;
	const fine: Record<string, () => boolean> = {
		text: () => Boolean(content?.text),
		post: () =>
			Object.entries(content?.post ?? {}).every(
				([locale, post]) =>
					/^(zh_cn|en_us)$/.test(locale) && (post as { content: unknown[] }).content.every(Array.isArray),
			),
		image: () => /^img_/.test(content?.image_key),
		share_chat: () => Boolean(content?.share_chat_id),
		interactive: () => typeof card === 'object',
	};
	if (!fine[type]?.()) return no(9499, 'Bad Request', 400);
	if (
		type === 'interactive' &&
		card.type !== 'template' &&
		!(card.schema === '2.0' ? card.body?.elements : card.elements)
	)
		return no(11246, 'parse card json err: elements missing');
	if (setup.keyword && !JSON.stringify(json).includes(setup.keyword)) return no(19024, 'Key Words Not Found');
	return { body: { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' } };
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

const account = (more = {}) => ({ baseUrl: server.url, token, ...more });
const send = (message: unknown, options = {}, more = {}, clock = frozenClock(start)) =>
	deliver(feishuRobot, account(more), options, message, { clock });
const last = () => server.requests.at(-1)!.json;
const plain = (content: string) => ({ tag: 'plain_text', content });
const larkMd = (content: string) => ({ tag: 'lark_md', content });

const film = {
	title: 'New film',
	body: 'It is **here**',
	level: 'warning',
	url: 'https://example.com/1',
	fields: [
		{ name: 'Year*', value: '2026', short: true },
		{ name: 'Plot', value: 'A very long sentence about <at id=all></at>' },
	],
	buttons: [
		{ text: 'Open', url: 'https://example.com/o', style: 'primary' },
		{ text: 'Value', value: 'v' },
	],
};

describe('card 2.0', () => {
	const shown = async (body: string, more = {}) => {
		await send({ body, ...more }, { cardVersion: '2.0' });
		const { card } = last();
		expect(card.schema).toBe('2.0');
		return card.body.elements as { tag: string; content: string }[];
	};

	test('has headings, lists, quotes, code, tables and rules of its own', async () => {
		const source = [
			'# Report',
			'- a\n    - b',
			'1. one',
			'> said',
			'```yaml\na:\n  b: <at id=all></at>\n```',
			'| Name | Value |\n| --- | --: |\n| CPU | 10% |',
			'---',
			'`x` **b** ~~d~~ https://e.com/a_b_',
		].join('\n\n');
		expect(await shown(source)).toEqual([
			{
				tag: 'markdown',
				content: source
					.replace('<at', '<\u200bat')
					.replace('</at', '<\u200b/at')
					.replace('https://e.com/a_b_', '[https://e.com/a&#95;b&#95;](https://e.com/a_b_)'),
			},
		]);
	});

	test('text stays text', async () => {
		const [element] = await shown('# 1\n- 2\n1. 3\n+ 4\n===\n| a | b |\n|---|---|', { format: 'text' });
		expect(element!.content).toBe(
			'&#35; 1\n&#45; 2\n1&#46; 3\n&#43; 4\n&#61;==\n&#124; a &#124; b &#124;\n&#124;---&#124;---&#124;',
		);
	});

	test('a fifth table stands in an element of its own', async () => {
		const table = '| a |\n| --- |\n| 1 |';
		const elements = await shown(Array.from({ length: 5 }, (_, at) => `t${at}\n\n${table}`).join('\n\n'));
		expect(elements.map(({ content }) => content.match(/---/g)?.length)).toEqual([4, 1]);
	});

	test('fields are no markup', async () => {
		const elements = await shown('x', { fields: [{ name: 'a|b', value: '# c\n# d' }] });
		expect(elements[1]!.content).toBe('**a&#124;b**  &#35; c\n&#35; d');
	});
});

describe('card', () => {
	test('with nothing set', async () => {
		const receipt = await send(film);
		expect(server.requests[0]).toMatchObject({ method: 'POST', path: `/open-apis/bot/v2/hook/${token}` });
		const { card, ...rest } = last();
		expect(rest).toEqual({ msg_type: 'interactive' });
		expect(card).toMatchObject({
			config: { wide_screen_mode: true },
			header: { title: plain('New film'), template: 'orange' },
			card_link: { url: 'https://example.com/1' },
		});
		const [text, fields, action] = card.elements;
		expect(text).toEqual({ tag: 'div', text: larkMd('It is **here**') });
		expect(fields.fields[0]).toEqual({
			is_short: true,
			text: larkMd(expect.stringMatching(/^\*\*Year.+\*\*\n2026$/)),
		});
		expect(JSON.stringify(fields)).not.toContain('<at id=all>');
		expect(action).toEqual({
			tag: 'action',
			actions: [{ tag: 'button', text: plain('Open'), type: 'primary', url: 'https://example.com/o' }],
		});
		expect(receipt).toMatchObject({ channel: 'feishuRobot', degraded: ['buttons'], warnings: [] });
	});

	test('of format 2.0', async () => {
		await send(film, { cardVersion: '2.0', headerColor: 'purple', imageKey: 'img_v2_1' });
		expect(last().card).toEqual({
			schema: '2.0',
			header: { title: plain('New film'), template: 'purple' },
			body: {
				elements: [
					{ tag: 'img', img_key: 'img_v2_1', alt: plain('') },
					{ tag: 'markdown', content: 'It is **here**' },
					{ tag: 'markdown', content: expect.stringContaining('2026\n**Plot**') },
					{
						tag: 'button',
						text: plain('Open'),
						type: 'primary',
						behaviors: [{ type: 'open_url', default_url: 'https://example.com/o' }],
					},
				],
			},
			card_link: { url: 'https://example.com/1' },
		});
	});

	test.each([
		['info', 'blue'],
		['success', 'green'],
		['failure', 'red'],
		[undefined, 'blue'],
	])('level %s is %s', async (level, color) => {
		await send({ title: 'T', body: 'x', level });
		expect(last().card.header.template).toBe(color);
	});

	test('of one’s own, or from a template', async () => {
		const card = { schema: '2.0', body: { elements: [] } };
		await send('x', { card: JSON.stringify(card) });
		expect(last().card).toEqual(card);
		await send(film, { templateId: 'AAq1', templateVersion: '1.0.0' });
		expect(last().card).toEqual({
			type: 'template',
			data: {
				template_id: 'AAq1',
				template_version_name: '1.0.0',
				template_variable: expect.objectContaining({
					title: 'New film',
					body: 'It is **here**',
					url: 'https://example.com/1',
					level: 'warning',
					// A card's variable is read as Feishu's Markdown.
					Plot: film.fields[1]!.value.replace('<at', '<\u200bat').replace('</at', '<\u200b/at'),
				}),
			},
		});
		await send(film, { templateId: 'AAq1', templateVariables: '{"a": 1}' });
		expect(last().card.data.template_variable).toEqual({ a: 1 });
		for (const [field, value] of [
			['card', '[]'],
			['templateVariables', '1'],
		]) {
			expect(await refused(send('x', { templateId: 'AAq1', [field as string]: value }))).toMatchObject({
				class: 'Invalid',
				field,
			});
		}
	});

	test('that is refused goes as text, nothing lost', async () => {
		setup.next = [no(11246, 'parse card json err')];
		const receipt = await send(film);
		expect(last().msg_type).toBe('text');
		for (const word of ['New film', 'It is here', '2026', 'https://example.com/o', 'https://example.com/1'])
			expect(last().content.text).toContain(word);
		expect(receipt.degraded).toContain('markup');
		expect(receipt.warnings).toEqual([expect.stringContaining('could not show the card')]);
	});
});

describe('message types', () => {
	test('text', async () => {
		await send(
			{ title: 'T', body: 'a b <at user_id="all"></at>', format: 'text', mentions: ['@all', 'ou_1'] },
			{ kind: 'text', mentions: 'ou_2' },
		);
		expect(last().content.text).toBe(
			'T\n\na b <\u200bat user_id="all"><\u200b/at>\n<at user_id="ou_2">ou_2</at> <at user_id="all"></at> <at user_id="ou_1">ou_1</at>',
		);
	});

	test.each([
		['en', 'en_us'],
		['zh', 'zh_cn'],
	])('post in %s', async (language, locale) => {
		await send(
			{ title: 'T', body: '**b** [a](https://example.com)\n\nc', mentions: ['ou_1'] },
			{ kind: 'post', imageKey: 'img_v2_1' },
			{ language },
		);
		expect(last()).toEqual({
			msg_type: 'post',
			content: {
				post: {
					[locale]: {
						title: 'T',
						content: [
							[
								{ tag: 'text', text: 'b', style: ['bold'] },
								{ tag: 'text', text: ' ' },
								{ tag: 'a', text: 'a', href: 'https://example.com' },
							],
							[{ tag: 'text', text: 'c' }],
							[{ tag: 'img', image_key: 'img_v2_1' }],
							[{ tag: 'at', user_id: 'ou_1' }],
						],
					},
				},
			},
		});
	});

	test('picture and group card', async () => {
		expect((await send('x', { kind: 'image', imageKey: 'img_v2_1' })).degraded).toEqual(['text']);
		expect(last()).toEqual({ msg_type: 'image', content: { image_key: 'img_v2_1' } });
		await send('x', { kind: 'share_chat', shareChatId: 'oc_1' });
		expect(last()).toEqual({ msg_type: 'share_chat', content: { share_chat_id: 'oc_1' } });
		expect(await refused(send('x', { kind: 'image' }))).toMatchObject({ class: 'Invalid', field: 'imageKey' });
		expect(await refused(send('x', { kind: 'share_chat' }))).toMatchObject({
			class: 'Invalid',
			field: 'shareChatId',
		});
	});

	test.each(['interactive', 'text', 'post'])('%s is split within 20 KB and mentions once', async (kind) => {
		const receipt = await send({ body: '字"\n'.repeat(6_000), format: 'text', mentions: ['ou_1'] }, { kind });
		expect(receipt.parts).toBeGreaterThan(1);
		expect(server.requests.filter(({ json }) => JSON.stringify(json).includes('ou_1'))).toHaveLength(1);
	});
});

describe('security settings', () => {
	test('sign vector', () => {
		expect(sign(1599360473, 'demo')).toBe('l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=');
	});

	test('signed in the body, in seconds as a text', async () => {
		setup.secret = key;
		await send('x', {}, { secret: key });
		expect(last()).toMatchObject({
			timestamp: '1700000000',
			sign: sign(1_700_000_000, key),
			msg_type: 'interactive',
		});
		for (const more of [{}, { secret: 'another-secret' }]) {
			const error = await refused(send('x', {}, more), token, 'another-secret');
			expect(error).toMatchObject({ class: 'Unauthorized', code: '19021' });
			expect(error.message).toContain('clock');
		}
		expect(await refused(send('x', {}, { secret: key }, frozenClock(start + 4_000_000)))).toMatchObject({
			code: '19021',
		});
	});

	test('keyword', async () => {
		setup.keyword = 'Alarm';
		const error = await refused(send('x'));
		expect(error).toMatchObject({ class: 'Rejected', code: '19024' });
		expect(error.message).toContain('“Keyword”');
		await send('x', {}, { keyword: 'Alarm' });
		expect(last().card.elements[0].text.content).toBe('x\n\nAlarm');
		for (const kind of ['text', 'post']) await send('x', { kind, keyword: 'Alarm' });
		await send({ title: 'Alarm', body: 'x' }, { kind: 'post', keyword: 'Alarm' });
		expect(last().content.post.en_us.content).toEqual([[{ tag: 'text', text: 'x' }]]);
	});
});

test('the whole URL as token, of either host and of the old form', async () => {
	await send('x', {}, { baseUrl: undefined, token: `${server.url}/open-apis/bot/v2/hook/${token}` });
	await send('x', {}, { token: `https://open.larksuite.com/open-apis/bot/v2/hook/${token}` });
	await send(
		{ title: 'T', body: '**x**' },
		{},
		{ baseUrl: undefined, token: `${server.url}/open-apis/bot/hook/${token}` },
	);
	expect(server.requests.map(({ path }) => path)).toEqual([
		`/open-apis/bot/v2/hook/${token}`,
		`/open-apis/bot/v2/hook/${token}`,
		`/open-apis/bot/hook/${token}`,
	]);
	expect(last()).toEqual({ title: 'T', text: 'x' });
});

describe('refusals', () => {
	test('a robot that is not there', async () => {
		const wrong = '99999999-aaaa-bbbb-cccc-dddddddddddd';
		const error = await refused(send('x', {}, { token: wrong }), wrong);
		expect(error).toMatchObject({ class: 'Unauthorized', code: '19001' });
		expect(error.message).toContain('copy the webhook URL');
	});

	test.each([
		[19022, 'Ip Not Allowed', 'Unauthorized', 'IP list'],
		[11232, 'frequency limited psm', 'RateLimited', '5 messages a second'],
		[9499, 'too many request', 'RateLimited', '5 messages a second'],
		[9499, 'Bad Request', 'Rejected', '20 KB'],
		[19002, 'params error', 'Rejected', 'options of this message type'],
		[19036, 'message too large', 'Rejected', '20 KB'],
		[99999, 'unheard of', 'Rejected', 'documentation'],
	])('%i %s', async (code, words, kind, advice) => {
		setup.next = [no(code, words)];
		const error = await refused(send('x', { attempts: 1 }), token);
		expect(error).toMatchObject({ class: kind, code: String(code) });
		expect(error.message).toContain(words);
		expect(error.message).toContain(advice);
	});

	test('an old answer that says no', async () => {
		setup.next = [{ body: { StatusCode: 19002, StatusMessage: 'params error' } }];
		expect(await refused(send('x'))).toMatchObject({ class: 'Rejected', code: '19002' });
	});

	test('a card of one’s own that is refused twice ends', async () => {
		setup.next = [no(11246, 'parse card json err'), no(11246, 'parse card json err')];
		expect(await refused(send('x', { card: '{"elements": []}', attempts: 1 }))).toMatchObject({
			class: 'Rejected',
			code: '11246',
		});
		setup.next = [no(11246, 'parse card json err')];
		expect(await refused(send('x', { kind: 'post', attempts: 1 }))).toMatchObject({
			class: 'Rejected',
			code: '11246',
		});
	});
});

test('no more than 5 in a second', async () => {
	const clock = frozenClock(start);
	for (let i = 0; i < 6; i++) await send('x', {}, {}, clock);
	expect(clock.slept).toEqual([1_000]);
});

test('raw', async () => {
	setup.secret = key;
	const body = { msg_type: 'text', content: { text: 'x' } };
	await act(
		feishuRobot,
		'sendRaw',
		account({ secret: key }),
		{ body: JSON.stringify(body) },
		{ clock: frozenClock(start) },
	);
	expect(last()).toMatchObject(body);
});
