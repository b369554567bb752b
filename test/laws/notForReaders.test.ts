import { definitions } from '../../scripts/definitions';
import { parsedBody, yes } from '../answers';
import type { Channel } from '../../src/core/define/channel';
import { act, deliver } from '../../src/core/deliver/deliver';
import { isChannelError } from '../../src/core/base/errors';
import { closeConnections } from '../../src/core/http/http';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { frozenClock } from '../refused';
import { placeOf, sampleOf, secretMark } from '../sample';
import { service, type Answer, type Seen, type Service } from '../service';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

/** A secret in every form in which a service may give it back. */
const forms = (secret: string): string[] => [
	secret,
	encodeURIComponent(secret),
	encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
	Buffer.from(secret).toString('base64'),
	Buffer.from(`api:${secret}`).toString('base64'),
	JSON.stringify({ key: secret }),
	`https://example.com/?key=${encodeURIComponent(secret)}`,
];

/** In texts and keys, deep and shallow, beside what the service says anyway. */
function echo(secrets: readonly string[]): Record<string, unknown> {
	const all = secrets.flatMap(forms);
	let deep: unknown = all;
	for (let level = 0; level < 3_000; level++) deep = level % 2 ? [deep] : { deep };
	return {
		echo: all,
		keys: Object.fromEntries(all.map((form) => [form, form])),
		numbers: secrets.map(Number).filter((number) => !Number.isNaN(number)),
		deep,
	};
}

const isTold = (value: unknown, secrets: readonly string[]): string[] => {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return secrets.flatMap(forms).filter((form) => text.includes(form));
};

let server: Service;
let answer: (seen: Seen) => Answer;
beforeEach(async () => {
	forgetTokens();
	forgetTurns();
	server = await service((seen) => answer(seen));
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

describe.each(channels)('$id', ({ id, channel }) => {
	test('tells no secret that the service gives back, in receipt, error or result', async () => {
		answer = () => ({ status: 500 });
		const { port } = new URL(server.url);
		const { account, options } = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(port)));
		const secrets = Object.values(account)
			.flatMap((value) => (typeof value === 'string' && value.includes(secretMark) ? [value] : []))
			.map((value) => (/^[\w-]+$/.test(value) ? value : /S3cretMark\w*/.exec(value)![0]));
		const good = yes[id]?.answer ?? (() => ({ body: { ok: true } }));
		const clock = frozenClock();
		const send = () =>
			deliver(channel, account, { ...options, attempts: 1 }, 'Hello', { clock }).catch((error: unknown) => error);

		// Beside a yes.
		answer = (seen) => {
			const told = good(seen);
			const body = parsedBody(told);
			const isRecord = typeof body === 'object' && body !== null && !Array.isArray(body);
			return {
				...told,
				headers: { 'x-echo': secrets.map(encodeURIComponent).join(' ') },
				...(isRecord && { body: { ...echo(secrets), ...body } }),
			};
		};
		const receipt = await send();
		expect([id, (receipt as { ok?: unknown }).ok]).toEqual([id, true]);
		expect([id, isTold(receipt, secrets)]).toEqual([id, []]);

		// In a no, in whatever is taken for its words and codes.
		const no = (status: number) => () => ({
			status,
			body: Object.fromEntries(
				[
					'code',
					'errcode',
					'retcode',
					'error',
					'errmsg',
					'msg',
					'message',
					'description',
					'reason',
					'info',
				].map((name, at) => [name, secrets.flatMap(forms).slice(at).join(' ') || 'no']),
			),
		});
		for (const status of [200, 400, 401, 429, 500]) {
			answer = no(status);
			const error = await send();
			if (!isChannelError(error)) continue;
			for (const shown of [error.message, error.stack ?? '', JSON.stringify(error), JSON.stringify(error.text)])
				expect([id, status, isTold(shown, secrets)]).toEqual([id, status, []]);
		}
		answer = () => ({ status: 502, body: `<title>${secrets.flatMap(forms).join(' ')}</title>` });
		expect(isTold(String((await send()) as Error), secrets)).toEqual([]);

		// In what an operation gives.
		for (const [name, { fields }] of Object.entries(channel.actions)) {
			answer = (seen) => {
				const body = parsedBody(good(seen));
				return { body: { ...echo(secrets), ...(typeof body === 'object' ? body : {}) } };
			};
			const input = Object.fromEntries(
				Object.entries(fields).map(([key, { kind, placeholder, options: values }]) => [
					key,
					kind === 'choice' ? Object.keys(values ?? {})[0] : kind === 'number' ? 1 : (placeholder ?? '{}'),
				]),
			);
			const result = await act(channel, name, account, input, { clock }).catch((error: unknown) => error);
			expect([id, name, isTold(isChannelError(result) ? result.message : (result ?? null), secrets)]).toEqual([
				id,
				name,
				[],
			]);
		}
	}, 60_000);
});
