import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../../property';
import type { ChatEvent } from '../../../src/core/receive/chat';
import { closeConnections } from '../../../src/core/http/http';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import { decrypt, encrypt, signatureOf } from '../../../src/services/wecom/crypto';
import { readMessage, readXml } from '../../../src/services/wecom/messages';
import { menuOf, wecomAppTrigger } from '../../../src/services/wecom/wecomApp.trigger';
import { service, type Service } from '../../service';
import { connected, until } from '../../core/sockets/connected';

/** The vendor's own sample, as its documentation prints it. */
const sample = {
	token: 'QDG6eK',
	aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
	corpId: 'wx5823bf96d3bd56c7',
	echostr: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
	query: { msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3', timestamp: '1409659589', nonce: '263014780' },
};
const now = 1_700_000_000_000;
const timestamp = String(now / 1000);
const account = {
	corpId: sample.corpId,
	corpSecret: 'a-secret-of-the-app',
	agentId: 1,
	callbackToken: sample.token,
	encodingAesKey: sample.aesKey,
};

const reception = ({ options = {}, own = {}, at = now, store = memoryStore() } = {}) =>
	receptionist(wecomAppTrigger, { account: { ...account, ...own }, options, store, now: () => at });

const message = (content: string) =>
	`<xml><ToUserName><![CDATA[${sample.corpId}]]></ToUserName><FromUserName><![CDATA[ann]]></FromUserName><CreateTime>1700000000</CreateTime>${content}<AgentID>1</AgentID></xml>`;
const text = (words: string, id = '4561255354251345929') =>
	message(`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${words}]]></Content><MsgId>${id}</MsgId>`);
const event = (name: string, more = '') =>
	message(`<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>${more}`);

/** A request as WeCom makes it of an inner message. */
function request(
	inner: string,
	{ receiver = sample.corpId, aesKey = sample.aesKey, token = sample.token, time = timestamp } = {},
) {
	const encrypted = encrypt(aesKey, inner, receiver);
	return {
		method: 'POST',
		path: '',
		query: { msg_signature: signatureOf(token, time, 'n', encrypted), timestamp: time, nonce: 'n' },
		headers: { 'content-type': 'text/xml' },
		body: Buffer.from(
			`<xml><ToUserName><![CDATA[${receiver}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt><AgentID><![CDATA[1]]></AgentID></xml>`,
		),
	};
}

const heard = async (inner: string, options = {}) => {
	const { reply, happenings } = reception({ options }).receive(request(inner));
	return { reply, events: (await happenings).map((each) => each.event as ChatEvent), happenings: await happenings };
};

/** The text of a passive answer, checked as WeCom checks it. */
function opened(body: string): string {
	const [, encrypted = '', signature, time = '', nonce = ''] =
		/^<xml><Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt><MsgSignature><!\[CDATA\[(.*?)\]\]><\/MsgSignature><TimeStamp>(\d+)<\/TimeStamp><Nonce><!\[CDATA\[(.*?)\]\]><\/Nonce><\/xml>$/.exec(
			body,
		) ?? [];
	expect(signatureOf(sample.token, time, nonce, encrypted)).toBe(signature);
	const answer = decrypt(sample.aesKey, encrypted);
	expect(answer?.receiver).toBe(sample.corpId);
	return answer!.text;
}

describe('cryptography', () => {
	test('agrees with the vendor’s sample', () => {
		const { token, aesKey, corpId, echostr, query } = sample;
		expect(signatureOf(token, query.timestamp, query.nonce, echostr)).toBe(query.msg_signature);
		expect(decrypt(aesKey, echostr)).toEqual({ text: '1616140317555161061', receiver: corpId });
	});

	test('is its own inverse', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (words, receiver) => {
				expect(decrypt(sample.aesKey, encrypt(sample.aesKey, words, receiver))).toEqual({
					text: words,
					receiver,
				});
			}),
		);
	});

	test('takes any bytes without a fault', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				const opened = decrypt(sample.aesKey, Buffer.from(bytes).toString('base64'));
				expect(opened === undefined || typeof opened.text === 'string').toBe(true);
			}),
		);
	});
});

describe('the address', () => {
	const ask = (query: Record<string, string>, given?: Parameters<typeof reception>[0]) =>
		reception({ at: 1_409_659_589_000, ...given }).receive({
			method: 'GET',
			path: '',
			query,
			headers: {},
			body: new Uint8Array(),
		}).reply;

	test('is proved with the bare decrypted text', () => {
		expect(ask({ ...sample.query, echostr: sample.echostr })).toMatchObject({
			status: 200,
			body: '1616140317555161061',
		});
	});

	test.each([
		[
			'a forged signature',
			{ msg_signature: sample.query.msg_signature.replace('5', '6') },
			{},
			401,
			'callback token',
		],
		['another nonce', { nonce: '1' }, {}, 401, 'callback token'],
		['no signature', { msg_signature: '' }, {}, 401, 'no request of WeCom'],
		['an old one', {}, { at: 1_409_659_589_000 + 601_000 }, 401, 'clock'],
		['one from the future', {}, { at: 1_409_659_589_000 - 601_000 }, 401, 'clock'],
		['another key', {}, { own: { encodingAesKey: 'a'.repeat(43) } }, 400, 'EncodingAESKey'],
		['another corp', {}, { own: { corpId: 'ww0123456789abcdef' } }, 403, 'corp ID'],
		['another token', {}, { own: { callbackToken: 'another' } }, 401, 'callback token'],
	])('refuses %s', (_, query, given, status, why) => {
		const reply = ask({ ...sample.query, echostr: sample.echostr, ...query }, given);
		expect(reply.status).toBe(status);
		expect(reply.body).toContain(why);
		expect(reply.body).not.toContain(sample.token);
	});

	test('cannot be proved without the keys', () => {
		const { reply } = reception({ own: { callbackToken: '' }, at: 1_409_659_589_000 }).receive({
			method: 'GET',
			path: '',
			query: { ...sample.query, echostr: sample.echostr },
			headers: {},
			body: new Uint8Array(),
		});
		expect([reply.status, reply.body]).toEqual([403, expect.stringContaining('the callback token')]);
	});
});

describe('a message', () => {
	test('of text is a command to be answered to the user', async () => {
		const { events, reply, happenings } = await heard(text('/pause 10m'));
		expect(reply).toEqual({ status: 200, body: '' });
		expect(events).toMatchObject([
			{
				channel: 'wecomApp',
				conversation: { id: 'ann', kind: 'private' },
				user: { id: 'ann' },
				text: '/pause 10m',
				command: 'pause',
				args: ['10m'],
				replyTo: 'ann',
				messageId: '4561255354251345929',
				time: '2023-11-14T22:13:20.000Z',
				kind: 'text',
			},
		]);
		expect(happenings[0]!.message).toMatchObject({ to: 'ann' });
	});

	test.each([
		[
			'image',
			'<PicUrl><![CDATA[https://example.com/p]]></PicUrl><MediaId><![CDATA[m]]></MediaId>',
			{ files: [{ id: 'm', url: 'https://example.com/p', mime: 'image/jpeg' }], text: '' },
		],
		['voice', '<MediaId>m</MediaId><Format>amr</Format>', { files: [{ id: 'm', mime: 'audio/amr' }] }],
		['video', '<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>', { files: [{ id: 'm', mime: 'video/mp4' }] }],
		['file', '<MediaId>m</MediaId><Title>a.pdf</Title>', { files: [{ id: 'm', name: 'a.pdf' }] }],
		[
			'location',
			'<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Label><![CDATA[广州]]></Label>',
			{ text: '广州\n23.1,113.3' },
		],
		[
			'link',
			'<Title>T</Title><Description>D</Description><Url>https://example.com</Url><PicUrl>https://example.com/p</PicUrl>',
			{ text: 'T\nD\nhttps://example.com' },
		],
		['hologram', '<Content>x</Content>', { text: 'x' }],
	])('of the kind %s', async (kind, content, expected) => {
		const { events } = await heard(message(`<MsgType>${kind}</MsgType>${content}<MsgId>1</MsgId>`));
		expect(events).toMatchObject([{ kind, ...expected }]);
	});

	test('that links to a page has no file for its picture', async () => {
		const { events } = await heard(
			message('<MsgType>link</MsgType><PicUrl>https://example.com/p</PicUrl><MsgId>1</MsgId>'),
		);
		expect(events[0]!.files).toBeUndefined();
	});

	test.each([
		['last', 'last', []],
		['/last', 'last', []],
		['订阅', '订阅', []],
		['pause 10m', 'pause', ['10m']],
	])('a click on the menu’s %s is a command', async (key, command, args) => {
		const { events } = await heard(event('CLICK', `<EventKey><![CDATA[${key}]]></EventKey>`), {
			answers: 'last = soon',
		});
		expect(events).toMatchObject([{ kind: 'event.click', command, args, button: { value: key }, text: key }]);
	});

	test('a pressed card names its task', async () => {
		const { events } = await heard(
			event('template_card_event', '<EventKey>ok</EventKey><TaskId>t1</TaskId><ResponseCode>rc</ResponseCode>'),
		);
		expect(events).toMatchObject([
			{
				kind: 'event.template_card_event',
				button: { value: 'ok', messageId: 't1' },
				raw: { ResponseCode: 'rc' },
			},
		]);
		expect(events[0]!.command).toBeUndefined();
	});

	test('of WeCom itself is from no stranger', async () => {
		const changed = event('change_contact', '<ChangeType>update_user</ChangeType><UserID>bob</UserID>').replace(
			'[ann]',
			'[sys]',
		);
		const { events, reply } = await heard(changed, { users: 'bob', strangers: 'refuse' });
		expect(events).toMatchObject([{ kind: 'event.change_contact.update_user', user: { id: 'sys' }, replyTo: '' }]);
		expect(reply.body).toBe('');
	});

	test('keeps what looks like markup in its text', async () => {
		const { events } = await heard(text('a &lt; b &amp; <b>c</b>'));
		expect(events[0]!.text).toBe('a &lt; b &amp; <b>c</b>');
	});

	test('that is no XML, or has a document type, is refused', async () => {
		for (const inner of [
			'',
			'hello',
			'<xml>',
			'<html></html>',
			`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${text('&e;')}`,
		]) {
			const { reply, events } = await heard(inner);
			expect([reply.status, events]).toEqual([400, []]);
		}
	});

	test('of any content is read', () => {
		const names = fc.constantFrom(
			'MsgType',
			'Event',
			'EventKey',
			'FromUserName',
			'CreateTime',
			'MediaId',
			'Label',
			'x',
		);
		const tree = fc.letrec((tie) => ({
			node: fc.oneof(
				{ maxDepth: 3 },
				fc.string(),
				fc.dictionary(names, tie('node')),
				fc.array(tie('node'), { maxLength: 3 }),
			),
		})).node;
		fc.assert(
			fc.property(fc.dictionary(names, tree), (xml) =>
				expect(Number.isNaN(Date.parse(readMessage(xml, now).time))).toBe(false),
			),
		);
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (source) =>
				expect(() => readXml(`<xml>${source}</xml>`)).not.toThrow(),
			),
		);
	});
});

describe('a callback', () => {
	test('that comes again goes into the flow once, with or without an id', async () => {
		const again = reception();
		for (const inner of [text('x'), event('subscribe'), event('CLICK', '<EventKey>last</EventKey>')]) {
			expect(await again.receive(request(inner)).happenings).toHaveLength(1);
			expect(await again.receive(request(inner)).happenings).toHaveLength(0);
		}
		expect(await again.receive(request(event('CLICK', '<EventKey>next</EventKey>'))).happenings).toHaveLength(1);
	});

	test.each([
		['forged', request(text('x'), { token: 'guessed' }), 401],
		['old', request(text('x'), { time: String(now / 1000 - 601) }), 401],
		['encrypted with another key', request(text('x'), { aesKey: 'b'.repeat(43) }), 400],
		['for another corp', request(text('x'), { receiver: 'ww0123456789abcdef' }), 403],
		['without anything encrypted', { ...request(text('x')), body: Buffer.from(text('x')) }, 401],
		['with another body', { ...request(text('x')), body: request(text('y')).body }, 401],
		['oversized', { ...request(text('x')), body: Buffer.alloc(1024 * 1024 + 1, 'x') }, 413],
	])('that is %s is refused', async (_, forged, status) => {
		const { reply, happenings } = reception().receive(forged);
		expect(reply.status).toBe(status);
		expect(await happenings).toEqual([]);
	});

	test('of any bytes is refused', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.uint8Array(),
					fc.string().map((words) => Buffer.from(`<Encrypt>${words}</Encrypt>`)),
				),
				(body) => {
					expect(reception().receive({ ...request(text('x')), body }).reply.status).toBe(401);
				},
			),
		);
	});

	test('is answered at once, encrypted, in place', async () => {
		const { reply, events } = await heard(text('/help'), { answers: 'help = I know /last & <b> ]]> 好' });
		const answer = readXml(opened(reply.body!));
		expect(answer).toMatchObject({
			ToUserName: 'ann',
			FromUserName: sample.corpId,
			MsgType: 'text',
			Content: 'I know /last & <b> ]]> 好',
			CreateTime: timestamp,
		});
		expect(reply.headers).toMatchObject({ 'content-type': 'text/xml; charset=utf-8' });
		expect(events).toHaveLength(1);
	});

	test('of a stranger is refused politely, and goes nowhere', async () => {
		const { reply, events } = await heard(text('hi'), { users: 'bob', strangers: 'refuse' });
		expect(opened(reply.body!)).toContain('Sorry');
		expect(events).toEqual([]);
		expect((await heard(text('hi'), { users: 'bob' })).reply.body).toBe('');
	});

	test('cuts an answer that is longer than WeCom takes', async () => {
		const { reply } = await heard(text('/help'), { answers: `help = ${'好'.repeat(1_000)}` });
		expect(Buffer.byteLength(readXml(opened(reply.body!)).Content)).toBeLessThanOrEqual(2_048);
	});
});

describe('the menu', () => {
	let wecom: Service;
	let menu: unknown;
	let refusal: object | undefined;
	beforeEach(async () => {
		menu = refusal = undefined;
		wecom = await service(({ path, query, json }) => {
			if (path === '/cgi-bin/gettoken')
				return { body: { errcode: 0, errmsg: 'ok', access_token: 'token-of-the-app', expires_in: 7200 } };
			if (query.access_token !== 'token-of-the-app')
				return { body: { errcode: 40014, errmsg: 'invalid access_token' } };
			if (refusal) return { body: refusal };
			if (path === '/cgi-bin/menu/create') menu = json;
			else if (path === '/cgi-bin/menu/delete') menu = null;
			else return { status: 404 };
			return { body: { errcode: 0, errmsg: 'ok' } };
		});
	});
	afterEach(async () => {
		await closeConnections();
		await wecom.close();
	});
	const start = (options: object, own: object = {}) =>
		connected(wecomAppTrigger, { ...account, baseUrl: wecom.url, ...own }, { ...options });

	test('is made of the command list', async () => {
		const node = start({ pushCommands: true, commands: 'last = 最新入库\npause = 暂停' });
		await until(() => node.states.at(-1)?.state === 'connected');
		expect(menu).toEqual({
			button: [
				{ type: 'click', name: '最新入库', key: 'last' },
				{ type: 'click', name: '暂停', key: 'pause' },
			],
		});
		expect(await node.close()).toBeUndefined();
	});

	test('is removed with the last command', async () => {
		const node = start({ pushCommands: true });
		await until(() => menu === null);
		await node.close();
	});

	test('is left alone unless that is wanted', async () => {
		const node = start({ commands: 'last = x' });
		await until(() => node.states.at(-1)?.detail === 'waiting for requests');
		expect(wecom.requests).toEqual([]);
		await node.close();
	});

	test('says why it was refused, and lets requests come all the same', async () => {
		refusal = { errcode: 40018, errmsg: 'invalid button name size' };
		const node = start({ pushCommands: true, commands: 'last = x' });
		await until(() => node.states.at(-1)?.detail?.includes('the command list was not taken'));
		expect(node.states.at(-1)!.state).toBe('connected');
		await node.close();
	});

	test('is tried again while WeCom is out of reach', async () => {
		refusal = { errcode: -1, errmsg: 'system error' };
		const node = start({ pushCommands: true, commands: 'last = x' });
		await until(() => node.states.at(-1)?.state === 'failed');
		refusal = undefined;
		await until(() => menu !== undefined);
		await node.close();
	});

	test('needs the keys of the callback', async () => {
		expect(await start({}, { encodingAesKey: '' }).ended).toMatchObject({
			class: 'Invalid',
			field: 'encodingAesKey',
		});
	});

	test('puts many commands, and long ones, below buttons of five', () => {
		const items = (count: number, text = 'x') =>
			Array.from({ length: count }, (_, at) => ({ name: `c${at}`, text: `${text}${at}` }));
		expect(menuOf(items(3), 'en').button).toHaveLength(3);
		expect(menuOf(items(2, 'a long description '), 'en').button).toMatchObject([
			{ name: 'Commands', sub_button: [{ key: 'c0' }, { key: 'c1' }] },
		]);
		expect(
			menuOf(items(12), 'zh').button.map((each) => [each.name, 'sub_button' in each && each.sub_button.length]),
		).toEqual([
			['命令 1', 5],
			['命令 2', 5],
			['命令 3', 2],
		]);
	});
});

const corpus = join(__dirname, '../../../../shared/corpus/wecom');
if (!existsSync(corpus)) console.log(`Skipped: ${corpus} is not there.`);
else
	describe('the corpus', () => {
		const wechatpy = {
			token: '123456',
			aesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR',
			corpId: 'wx49f0ab532d5d035a',
		};
		const encryptedOf = (body: string) => /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)![1]!;

		test.each(readdirSync(corpus).filter((file) => /^(event|message|text-official)/.test(file)))(
			'%s',
			async (file) => {
				const body = readFileSync(join(corpus, file));
				const query = {
					timestamp,
					nonce: 'n',
					msg_signature: signatureOf(sample.token, timestamp, 'n', encryptedOf(String(body))),
				};
				const { reply, happenings } = reception().receive({
					method: 'POST',
					path: '',
					query,
					headers: {},
					body,
				});
				expect(reply).toEqual({ status: 200, body: '' });
				const [only] = await happenings;
				const { kind, user, raw } = only!.event as ChatEvent & { raw: { FromUserName: string } };
				expect(user.id).toBe(raw.FromUserName);
				const [, group, name] = /^(event|message)\.(\w+)/.exec(file) ?? [file, 'message', 'text'];
				expect(`${kind}.`).toContain(group === 'event' ? `event.${name!.toLowerCase()}.` : `${name}.`);
			},
		);

		test.each(readdirSync(corpus).filter((file) => file.startsWith('verify-url')))('%s', (file) => {
			const { searchParams } = new URL(
				readFileSync(join(corpus, file), 'utf8').split(' ')[1]!,
				'http://localhost',
			);
			const query = Object.fromEntries(searchParams);
			const { token, aesKey, corpId } = file.includes('wechatpy') ? wechatpy : sample;
			const given = {
				at: Number(query.timestamp) * 1000,
				own: { callbackToken: token, encodingAesKey: aesKey, corpId },
			};
			const { reply } = reception(given).receive({
				method: 'GET',
				path: '',
				query,
				headers: {},
				body: new Uint8Array(),
			});
			expect(reply.status).toBe(200);
			expect(reply.body).toMatch(/^\d{19}$/);
		});

		test('a published answer opens', () => {
			const body = readFileSync(join(corpus, 'reply-encrypt-wechatpy.xml'), 'utf8');
			const encrypted = encryptedOf(body);
			const { MsgSignature, TimeStamp, Nonce } = readXml(body);
			expect(signatureOf(wechatpy.token, TimeStamp, Nonce, encrypted)).toBe(MsgSignature);
			expect(decrypt(wechatpy.aesKey, encrypted)?.receiver).toBe(wechatpy.corpId);
			const text = readFileSync(join(corpus, 'text-wechatpy.xml'), 'utf8');
			expect(readXml(decrypt(wechatpy.aesKey, encryptedOf(text))!.text)).toMatchObject({ MsgType: 'text' });
		});
	});
