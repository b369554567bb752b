/** WeCom's own @wecom/crypto beside our callbacks. */
import { decrypt as theirDecrypt, encrypt as theirEncrypt, getSignature } from '@wecom/crypto';
import { fc } from '../../property';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { ChatEvent } from '../../../src/core/receive/chat';
import { decrypt, encrypt, signatureOf } from '../../../src/services/wecom/crypto';
import { wecomAppTrigger } from '../../../src/services/wecom/wecomApp.trigger';

const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const token = 'QDG6eK';
const corpId = 'wx5823bf96d3bd56c7';
const now = 1_700_000_000_000;
const timestamp = String(now / 1_000);
const nonce = '263014780';

const reception = (options: object = {}) =>
	receptionist(wecomAppTrigger, {
		account: { corpId, corpSecret: 'secret', agentId: 1, callbackToken: token, encodingAesKey: aesKey },
		options: options as Record<string, unknown>,
		store: memoryStore(),
		now: () => now,
	});

const text = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[ann]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[/last 五]]></Content><MsgId>4561255354251345929</MsgId><AgentID>1</AgentID></xml>`;

/** A callback as WeCom makes it, by WeCom's own package. */
function callback(encrypted: string, signature = getSignature(token, timestamp, nonce, encrypted)) {
	return {
		method: 'POST',
		path: '',
		query: { msg_signature: signature, timestamp, nonce },
		headers: { 'content-type': 'text/xml' },
		body: Buffer.from(
			`<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt><AgentID><![CDATA[1]]></AgentID></xml>`,
		),
	};
}

test('whatever the words, each opens what the other packs, and both sign alike', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (words, receiver) => {
			expect(decrypt(aesKey, theirEncrypt(aesKey, words, receiver))).toEqual({ text: words, receiver });
			const packed = encrypt(aesKey, words, receiver);
			expect(theirDecrypt(aesKey, packed)).toMatchObject({ message: words, id: receiver });
			expect(signatureOf(token, timestamp, nonce, packed)).toBe(getSignature(token, timestamp, nonce, packed));
		}),
	);
});

test('the check of the address', () => {
	const echostr = theirEncrypt(aesKey, '1616140317555161061', corpId);
	const ask = (signature: string) =>
		reception().receive({
			method: 'GET',
			path: '',
			query: { msg_signature: signature, timestamp, nonce, echostr },
			headers: {},
			body: Buffer.alloc(0),
		}).reply;
	expect(ask(getSignature(token, timestamp, nonce, echostr))).toMatchObject({
		status: 200,
		body: '1616140317555161061',
	});
	expect(ask(getSignature('wrong', timestamp, nonce, echostr)).status).toBe(401);
});

test('a message is heard, and WeCom’s package reads the passive answer', async () => {
	const node = reception({ answers: 'last = 稍等，马上。' });
	const { reply, happenings } = node.receive(callback(theirEncrypt(aesKey, text, corpId)));
	const [heard] = await happenings;
	expect(heard!.event as ChatEvent).toMatchObject({ text: '/last 五', command: 'last', user: { id: 'ann' } });
	const answer = String(reply.body);
	const [encrypted, signature, time, nonceOfAnswer] = ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'].map(
		(name) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^\\]<]*)`).exec(answer)![1]!,
	) as [string, string, string, string];
	expect(signature).toBe(getSignature(token, time, nonceOfAnswer, encrypted));
	const opened = theirDecrypt(aesKey, encrypted);
	expect(opened.id).toBe(corpId);
	expect(opened.message).toContain('<ToUserName><![CDATA[ann]]></ToUserName>');
	expect(opened.message).toContain('<Content><![CDATA[稍等，马上。]]></Content>');
});

test('a wrong token, key or receiver is refused', async () => {
	const otherKey = 'a'.repeat(43);
	const packed = theirEncrypt(aesKey, text, corpId);
	for (const request of [
		callback(packed, getSignature('wrong', timestamp, nonce, packed)),
		callback(theirEncrypt(otherKey, text, corpId)),
		callback(theirEncrypt(aesKey, text, 'another-corp')),
	]) {
		const { reply, happenings } = reception().receive(request);
		expect(reply.status).toBeGreaterThanOrEqual(400);
		expect(await happenings).toEqual([]);
	}
});
