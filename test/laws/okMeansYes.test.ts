import { definitions } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import { deliver } from '../../src/core/deliver/deliver';
import { isChannelError } from '../../src/core/base/errors';
import { closeConnections } from '../../src/core/http/http';
import { forgetTurns } from '../../src/core/deliver/send/pace';
import { forgetTokens } from '../../src/core/deliver/send/token';
import { yes, type Yes } from '../answers';
import { frozenClock } from '../refused';
import { placeOf, sampleOf } from '../sample';
import { service, type Answer, type Service } from '../service';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

const refusals = [301, 304, 400, 401, 403, 404, 418, 429, 500, 502, 503, 504];
/** The body’s own code is its yes, whatever the status. */
const anyStatus = 'sre24';
/** A push service says by its status alone that it took a message: 201, or 202 where a receipt was asked for (RFC 8030, 5). */
const ofStatus = 'webPush';

const isId = (value: unknown) => typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');

/** Whatever answers when a service does not. */
const strange: readonly Answer[] = [
	...[
		'',
		' ',
		'null',
		'[]',
		'{}',
		'0',
		'-1',
		'true',
		'false',
		'"ok"',
		'"error"',
		'[[]]',
		'OK!',
		'not ok',
		'{"ok"',
		'{"code":',
	],
	...['<html><body>ok</body></html>', '<!doctype html><title>Sign in</title>', 'Bad Gateway', 'success?', '\ufeff'],
	...[
		'{"success":false}',
		'{"error":"no"}',
		'{"message":"forbidden"}',
		'{"status":"error"}',
		'{"data":{}}',
		'{"ok":"yes"}',
	],
].map((body) => ({ body }));

/** What a value may be instead: other types, nothing, and the next one. */
function others(value: unknown): unknown[] {
	const same = new Set([value, String(value)]);
	return [
		...[undefined, null, '', ' ', 'x', '-1', -1, 1, 0, '0', 0.5, true, false, [], {}, [value], { value }],
		...(typeof value === 'number' ? [value + 1, -value - 1, `${value}x`] : []),
		...(typeof value === 'string' ? [`not ${value}`, 7] : []),
	].filter((each) => typeof each === 'object' || !same.has(each as string));
}

function replaced(body: unknown, path: readonly string[], value: unknown): unknown {
	const [key, ...rest] = path;
	if (key === undefined) return value;
	const copy = (Array.isArray(body) ? [...(body as unknown[])] : { ...(body as object) }) as Record<string, unknown>;
	const made = replaced(copy[key], rest, value);
	if (made === undefined) delete copy[key];
	else copy[key] = made;
	return copy;
}

/** An id may be another one, a list of results another list, and a second code may be missing beside the first. */
const mayBe = (path: string, value: unknown, changed: unknown): boolean =>
	(path === 'data.errno' && changed === undefined) ||
	(/(^|\.)(id|ts|\w+_id)$/.test(path) && isId(changed)) ||
	(typeof value === 'object' && typeof changed === 'object' && changed !== null && Object.keys(changed).length > 0);

function* spoilt({ answer, telling }: Yes): Generator<Answer & { why: string }> {
	const { body } = answer({ path: '/send' } as never);
	for (const each of strange) yield { ...each, why: JSON.stringify(each.body) };
	for (const status of refusals) yield { status, body, why: String(status) };
	for (const path of telling.filter((each) => each !== '')) {
		const keys = path.split('.');
		const value = keys.reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], body);
		for (const changed of others(value))
			if (!mayBe(path, value, changed))
				yield { body: replaced(body, keys, changed), why: `${path} = ${JSON.stringify(changed) ?? 'nothing'}` };
	}
	for (const status of [201, 202, 204, 205]) yield { status, body: undefined, why: `${status} without a body` };
	if (typeof body === 'object') {
		const text = JSON.stringify(body);
		const within = [
			{ ok: false },
			{ success: false },
			{ error: 'invalid_auth' },
			{ error: { code: 40_001, message: 'no' } },
			{ errors: ['no'] },
		];
		for (const no of [...within, ...[{ errcode: 40_001 }, { retcode: '100' }]])
			for (const name of ['data', 'result', 'response'])
				yield {
					body: { ...body, [name]: { ...(body as Record<string, object>)[name], ...no } },
					why: `${name} that says ${JSON.stringify(no)}`,
				};
		for (const no of within) yield { body: { ...body, ...no }, why: `beside it ${JSON.stringify(no)}` };
		yield { body: text + text.replace(/\btrue\b/g, 'false'), why: 'two answers in one' };
		yield { body: text.slice(0, text.length / 2), why: 'half of it' };
		for (const part of [
			text.slice(0, -1),
			text.slice(1),
			`[${text}]`,
			JSON.stringify(text),
			`<p>${text}</p>`,
			`{"data":${text}}`,
		])
			yield { body: part, why: part };
	}
}

let server: Service;
let next: Answer | undefined;
let sampling: boolean;
afterEach(async () => {
	await closeConnections();
	await server.close();
});

test.each(channels.filter(({ id }) => id in yes))(
	'$id takes nothing for a yes but a yes',
	async ({ id, channel }) => {
		const good = yes[id]!;
		sampling = true;
		server = await service((seen) => {
			if (sampling) return { status: 500 };
			const isToken = /gettoken|tenant_access_token/.test(seen.path);
			return (!isToken && next) || good.answer(seen);
		});
		const { port } = new URL(server.url);
		const { account, options } = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(port)));
		sampling = false;
		const send = async () => {
			forgetTokens();
			forgetTurns();
			try {
				const given = { ...options, attempts: 1 };
				return (await deliver(channel, account, given, 'Hello', { clock: frozenClock() })).ok;
			} catch (error) {
				if (!isChannelError(error)) throw error;
				// Neither a fault of ours.
				return /Carillon itself/.test(error.message) ? error.message : false;
			}
		};
		next = undefined;
		expect(await send()).toBe(true);
		const taken: unknown[] = [];
		for (const { why, ...answer } of spoilt(good)) {
			next = answer;
			const told = await send();
			const isMeant =
				(id === anyStatus && refusals.map(String).includes(why)) ||
				(id === ofStatus && /^20[12] without a body$/.test(why));
			if (told !== false && !isMeant) taken.push([why, told]);
		}
		expect(taken).toEqual([]);
	},
	120_000,
);

test('every channel has a recorded yes in test/answers.ts, but the one that takes what its user calls one', () => {
	expect(channels.map(({ id }) => id).filter((id) => !(id in yes))).toEqual(['webhook']);
});
