import { fc } from '../../property';
import { qmsg, withoutLinks } from '../../../src/services/qmsg/qmsg.channel';
import { deliver } from '../../../src/core/deliver/deliver';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer, Seen } from '../../service';

const key = '0123456789abcdef0123456789abcdef';

function answer({ path, form, headers }: Seen): Answer {
	if (!/^\/p?(send|group)\//.test(path) || headers['content-type'] !== 'application/x-www-form-urlencoded')
		return { status: 404, body: '' };
	if (!path.endsWith(`/${key}`)) return { body: { success: false, reason: 'KEY不存在', code: 500, info: {} } };
	if (!form.msg) return { body: { success: false, reason: '消息内容不能为空', code: 500, info: {} } };
	return { body: { success: true, reason: '操作成功', code: 0, info: {} } };
}

const server = faked(answer);

const account = (more = {}) => ({ baseUrl: server.url, key, ...more });
const send = (more: Record<string, unknown>, options: Record<string, unknown>, message: unknown) =>
	deliver(qmsg, account(more), { attempts: 1, ...options }, message);

test('to everybody on the site’s list', async () => {
	await send({}, {}, 'Hello');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: `/send/${key}`, form: { msg: 'Hello' } });
	expect(Object.keys(server.requests[0]!.form)).toEqual(['msg']);
});

test('to some, through a bot of a private cloud', async () => {
	await send({ to: '10001,10002', bot: '10003' }, {}, 'Hello');
	expect(server.requests[0]!.form).toEqual({ msg: 'Hello', qq: '10001,10002', bot: '10003' });
});

test('to groups, and with a Plus key', async () => {
	await send({}, { kind: 'group', to: '20001' }, 'Hello');
	await send({ plus: true }, {}, 'Hello');
	await send({ plus: true }, { kind: 'group' }, 'Hello');
	expect(server.requests.map(({ path }) => path)).toEqual([`/group/${key}`, `/psend/${key}`, `/pgroup/${key}`]);
});

test.each(['send', 'jsend', 'group', 'jgroup'])('takes the whole URL with /%s/', async (path) => {
	await deliver(qmsg, { key: `${server.url}/${path}/${key}` }, { attempts: 1 }, 'Hello');
	expect(server.requests[0]!.path).toBe(`/send/${key}`);
});

test('a pasted Plus URL needs no switch', async () => {
	await deliver(qmsg, { key: `${server.url}/psend/${key}` }, { attempts: 1 }, 'Hello');
	expect(server.requests[0]!.path).toBe(`/psend/${key}`);
});

test('leaves links in, unless told otherwise', async () => {
	const body = 'See https://example.com/a?b=c or 192.0.2.7:8096, write to me@example.com.';
	await send({}, {}, { body, format: 'text' });
	await send({}, { stripLinks: true }, { body, format: 'text' });
	expect(server.requests.map(({ form }) => form.msg)).toEqual([body, 'See  or , write to .']);
});

test.each([
	['看 www.example.com/a。好', '看 。好'],
	['nas.example.com:5000/x y', ' y'],
	['3.14 and 1.2.3 stay, 12:30 too', '3.14 and 1.2.3 stay, 12:30 too'],
	['第3.5集 @face=123@ film.mkv', '第3.5集 @face=123@ film.mkv'],
])('takes links out of %j', (text, rest) => {
	expect(withoutLinks(text)).toBe(rest);
});

test('no address survives, and what has none is left alone', () => {
	fc.assert(
		fc.property(fc.webUrl(), fc.ipV4(), fc.emailAddress(), (url, ip, mail) => {
			expect(withoutLinks(`a ${url} ${ip}`)).not.toMatch(/https?:|\d+\.\d+\.\d+\.\d+/);
			expect(withoutLinks(`a ${mail} b`)).not.toContain(mail);
		}),
	);
	fc.assert(fc.property(fc.stringMatching(/^[\p{L} ]*\p{L}$/u), (text) => expect(withoutLinks(text)).toBe(text)));
});

test.each([
	[{ body: { success: false, reason: 'KEY不存在', code: 500 } }, 'Unauthorized', '500', /Copy the key/],
	[{ body: { success: false, reason: '消息发送太频繁', code: 500 } }, 'RateLimited', '500', /wait/],
	[{ body: { success: false, reason: '该账号已被封禁', code: 500 } }, 'Rejected', '500', /Leave out links/],
	[{ body: { success: false, reason: '没有可用的好友', code: 500 } }, 'Rejected', '500', /list on the site/],
	// The code alone is no yes.
	[{ body: { success: false, reason: '失败', code: 0 } }, 'Rejected', '0', /失败/],
	[{ body: { code: 0 } }, 'Rejected', '0', /said no/],
	[{ status: 500, body: { success: true } }, 'Unreachable', '500', /later/],
])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	const error = await refused(send({}, {}, 'Hello'), key);
	expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
});

test('a wrong key is refused, and appears nowhere', async () => {
	const wrong = 'fedcba9876543210fedcba9876543210';
	expect(await refused(send({ key: wrong }, {}, 'Hello'), wrong)).toMatchObject({ class: 'Unauthorized' });
});
