/**
 * Makes the three files of a new channel, in a form that already sends; its test says what to do next.
 *
 *   npm run new -- gotify
 *
 * Then `npm run sync`, and `npm test -- test/services/gotify`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { capital, root } from './definitions';

const definition = (id: string) => `import { baseUrl, chars, defineChannel, secret } from '../../core/define/channel';

const account = {
	baseUrl: baseUrl('https://api.example.com'),
	token: secret('Token', {
		zh: 'Token',
		help: { en: 'Where the service shows it, click by click', zh: '在服务的哪个页面可以找到' },
	}),
};

export const ${id} = defineChannel({
	id: '${id}',
	set: 'push',
	name: '${capital(id)}',
	zh: '${capital(id)}',
	docs: 'https://example.com/docs',
	// What the service shows by itself; whatever is absent here becomes text, or is named in the receipt.
	renders: { markup: 'plain', limit: chars(1_000) },
	account,
	options: {},
	replies: {
		// A 200 that says no is a no.
		ok: (json) => json.ok === true,
		code: (json) => json.code,
		says: (json) => json.message,
		errors: [
			{
				code: 401,
				is: 'Unauthorized',
				do: { en: 'Copy the token again.', zh: '请重新复制 Token。' },
			},
		],
	},

	async send({ message, account, http }) {
		const raw = await http.post('/send', { json: { token: account.token, text: message.body } });
		return { id: raw.id, raw };
	},
});
`;

const testOf = (id: string) => `import { deliver } from '../../../src/core/deliver/deliver';
import { ${id} } from '../../../src/services/${id}/${id}.channel';
import { faked } from '../../faked';
import { refused } from '../../refused';
import type { Answer, Seen } from '../../service';

const token = 'tk0123456789abcdef';

/** Stands in for the service: it takes what the service takes, and refuses in the service's own words. */
function answer({ path, json }: Seen): Answer {
	if (path !== '/send') return { status: 404, body: 'not found' };
	if (json?.token !== token) return { status: 401, body: { ok: false, code: 401, message: 'token invalid' } };
	return { body: { ok: true, id: 'm1' } };
}

const server = faked(answer);

const send = (message: unknown, options: Record<string, unknown> = {}) =>
	deliver(${id}, { baseUrl: server.url, token }, { attempts: 1, ...options }, message);

test('a message becomes this request', async () => {
	const receipt = await send('Hello');
	expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/send' });
	expect(server.requests[0]!.json).toEqual({ token, text: 'Hello' });
	expect(receipt).toMatchObject({ ok: true, ids: ['m1'], degraded: [] });
});

test.each([
	[{ status: 401, body: { ok: false, code: 401, message: 'token invalid' } }, 'Unauthorized', '401', /Copy the token/],
	[{ body: { ok: false, code: 17, message: 'no such user' } }, 'Rejected', '17', /no such user/],
])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	server.next = reply;
	expect(await refused(send('Hello'), token)).toMatchObject({
		class: errorClass,
		code,
		message: expect.stringMatching(sentence),
	});
});

// Take a line away once it is done; the test is gone with the last one.
test('what is left to do', () => {
	expect([
		'${id}.channel.ts: the real base URL, name (in Chinese too), docs address, limit, fields and endpoint',
		'${id}.channel.ts: what the service shows natively (title, picture, files, buttons, level, mentions …) into renders and send',
		'${id}.channel.ts: every code that the service refuses with, each with what the user can do about it',
		'${id}.channel.ts: verify, where an account can be checked without sending anything',
		'this test: the service’s own request and replies, as its documentation or SDK has them',
		'test/answers.ts: the service’s yes as it was recorded, and the places in it that prove it; the law tests spoil each of them',
		'icons/${id}.svg: an icon of its own',
		'npm run sync, then npm test -- test/contract test/laws test/services/${id}, then npm run check',
	]).toEqual([]);
});
`;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="10" fill="#868e96"/><path d="M12 7v6m0 3v.5" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>
`;

async function main(): Promise<void> {
	const [id] = process.argv.slice(2);
	if (!id || !/^[a-z][A-Za-z0-9]*$/.test(id)) {
		throw new Error(
			'npm run new -- <name>: the name begins with a small letter and has letters and digits only, as in “gotify”.',
		);
	}
	const files = {
		[`src/services/${id}/${id}.channel.ts`]: definition(id),
		[`icons/${id}.svg`]: icon,
		[`test/services/${id}/${id}.test.ts`]: testOf(id),
	};
	const there = Object.keys(files).filter((file) => existsSync(join(root, file)));
	if (there.length > 0) throw new Error(`${there.join(' and ')} stands there already.`);
	for (const [file, content] of Object.entries(files)) {
		const filepath = join(root, file);
		mkdirSync(dirname(filepath), { recursive: true });
		writeFileSync(
			filepath,
			file.endsWith('.ts') ? await format(content, { ...(await resolveConfig(filepath)), filepath }) : content,
		);
		console.log(`wrote ${file}`);
	}
	console.log(
		`\nNext:\n  npm run sync\n  npm test -- test/services/${id}      one test fails, and says what is left to do`,
	);
}

main().catch((error: Error) => {
	console.error(`carillon: ${error.message}`);
	process.exitCode = 1;
});
