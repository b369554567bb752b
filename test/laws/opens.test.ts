import { createHmac } from 'node:crypto';
import type { IHookFunctions } from 'n8n-workflow';
import { definitions } from '../../scripts/definitions';
import type { Channel } from '../../src/core/define/channel';
import type { Access } from '../../src/core/define/access';
import { isChannelError, type ChannelError } from '../../src/core/base/errors';
import { isShown, type Fields } from '../../src/core/base/field';
import { receptionist } from '../../src/core/receive/reception';
import { memoryStore } from '../../src/core/state/memory';
import { takesRequests, type IncomingRequest, type Trigger } from '../../src/core/define/trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';
import { triggerProperties, accountProperties, triggerAccountType, typeOf } from '../../src/hosts/node-red/properties';
import type { Config, Status } from '../../src/hosts/node-red/red';
import { channelSet } from '../../src/hosts/node-red/channel-node';
import { triggerSet } from '../../src/hosts/node-red/trigger-node';
import { triggerAccount } from '../../src/core/receive/reception';
import { calls, listen, load, nodeRed, statusOf, until, type Listening } from '../hosts/node-red/runtime';
import { receiverOfRfc } from '../services/webPush/receiver';

/** Nothing opens by itself: what cannot be checked is closed and says so. */

const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
jest.mock('../../src/hosts/node-red/stores', () =>
	jest.requireActual<typeof import('../hosts/node-red/lasting')>('../hosts/node-red/lasting').storesInMemory(),
);

const key = 'right-key_0123456789';

/** Of each trigger that others call: an account that lets the right ones in, and what they bring. */
interface Case {
	account: Record<string, string>;
	/** With which others call it. */
	options?: Record<string, string>;
	/** The secrets that it checks with: without all of them it is closed. */
	secrets: string[];
	/** A request with the right key, and one with another. */
	call(key: string, now: number): Partial<IncomingRequest>;
	/** The account can be opened to everybody. */
	opens?: true;
	/** Has lists of users and admins. */
	chat?: true;
}

const json = (value: object) => Buffer.from(JSON.stringify(value));
const cases: Record<string, Case> = {
	webhookTrigger: {
		account: { key },
		secrets: ['key', 'password', 'hmacSecret'],
		call: (given) => ({ query: { apiKey: given }, body: json({ title: 'a', body: 'b' }) }),
		opens: true,
	},
	wxpusherTrigger: {
		account: { appToken: 'AT_x', callbackKey: key },
		secrets: ['callbackKey'],
		call: (given) => ({
			query: { key: given },
			body: json({ action: 'send_up_cmd', data: { uid: 'boss', content: 'x', time: 1 } }),
		}),
		...{ opens: true, chat: true },
	},
	webPushTrigger: {
		account: { pageKey: key },
		secrets: ['pageKey'],
		call: (given) => ({
			query: { key: given },
			body: json({ do: 'subscribe', subscription: receiverOfRfc.subscription('https://fcm.googleapis.com') }),
		}),
		chat: true,
	},
	vocechatTrigger: {
		account: { baseUrl: 'http://127.0.0.1:9', apiKey: 'voce', callbackKey: key },
		secrets: ['callbackKey'],
		call: (given) => ({
			query: { key: given },
			body: json({ from_uid: 7, mid: 1, target: { uid: 1 }, detail: { type: 'normal', content: 'x' } }),
		}),
		...{ opens: true, chat: true },
	},
	onebotTrigger: {
		account: { baseUrl: 'http://127.0.0.1:9', secret: key },
		options: { mode: 'http' },
		secrets: ['secret'],
		call: (given, now) => {
			const body = json({
				...{ post_type: 'message', message_type: 'private', user_id: 1, self_id: 2, message_id: 3 },
				...{ message: 'x', time: now / 1_000 },
			});
			const signature = createHmac('sha1', given).update(body).digest('hex');
			return { headers: { 'x-signature': `sha1=${signature}` }, body };
		},
		...{ opens: true, chat: true },
	},
	synologyChatTrigger: {
		account: { baseUrl: 'http://127.0.0.1:9', token: key },
		secrets: ['token', 'outgoingToken'],
		call: (given) => ({
			body: Buffer.from(String(new URLSearchParams({ token: given, user_id: '1', text: 'x', post_id: '2' }))),
		}),
		chat: true,
	},
	telegramTrigger: {
		account: { botToken: '1:AA', webhookSecret: key },
		options: { mode: 'webhook' },
		secrets: ['botToken', 'webhookSecret'],
		call: (given) => ({
			headers: { 'x-telegram-bot-api-secret-token': given },
			body: json({
				update_id: 1,
				message: { message_id: 1, date: 1, chat: { id: 1, type: 'private' }, text: 'x' },
			}),
		}),
		chat: true,
	},
	dingtalkTrigger: {
		account: { robot: 'app', appSecret: key },
		secrets: ['appSecret'],
		call: (given, now) => ({
			headers: {
				timestamp: String(now),
				sign: createHmac('sha256', given).update(`${now}\n${given}`).digest('base64'),
			},
			body: json({ msgtype: 'text', text: { content: 'x' }, msgId: String(now), conversationId: 'c' }),
		}),
		chat: true,
	},
	feishuAppTrigger: {
		account: { appId: 'cli_x', appSecret: 'app', verificationToken: key },
		secrets: ['verificationToken', 'encryptKey'],
		call: (given) => ({ body: json({ type: 'url_verification', token: given, challenge: 'c' }) }),
		chat: true,
	},
	slackTrigger: {
		account: { botToken: 'xoxb-1', signingSecret: key },
		options: { mode: 'http' },
		secrets: ['signingSecret'],
		call: (given, now) => {
			const timestamp = String(Math.floor(now / 1_000));
			const body = json({ type: 'url_verification', challenge: 'c' });
			const signature = createHmac('sha256', given).update(`v0:${timestamp}:`).update(body).digest('hex');
			return {
				headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` },
				body,
			};
		},
		chat: true,
	},
	wecomAppTrigger: {
		account: { corpId: 'ww1', corpSecret: 's', agentId: '1', callbackToken: key, encodingAesKey: aesKey },
		secrets: ['callbackToken', 'encodingAesKey'],
		// What it is let in for is decided with the body; see its own tests. Here: never past the door without a key.
		call: (_, now) => ({
			query: {
				...{ timestamp: String(Math.floor(now / 1_000)), nonce: 'n' },
				msg_signature: '0'.repeat(40),
			},
			body: Buffer.from('<xml><Encrypt>AAAA</Encrypt></xml>'),
		}),
		chat: true,
	},
};
/** By WebSocket: nothing listens while they are closed. */
const sockets: Record<string, Pick<Case, 'account' | 'secrets' | 'chat'>> = {
	websocketTrigger: { account: { key }, secrets: ['key'] },
	onebotReverseTrigger: {
		account: { baseUrl: 'reverse', accessToken: key },
		secrets: ['accessToken'],
		chat: true,
	},
};

const triggers = definitions().flatMap(({ kind, definition }) => (kind === 'trigger' ? [definition as Trigger] : []));
const channels = definitions().flatMap(({ kind, definition }) => (kind === 'channel' ? [definition as Channel] : []));
const called = triggers.filter(({ receive }) => receive);
const served = triggers.filter(({ not }) => not?.includes('n8n'));

test('every trigger that others call is held to it', () => {
	expect(called.map(({ id }) => id).sort()).toEqual(Object.keys(cases).sort());
	expect(served.map(({ id }) => id).sort()).toEqual(Object.keys(sockets).sort());
});

/** What may stand where a secret should. */
const nothings: [name: string, value: string][] = [
	['empty', ''],
	['spaces', '   '],
	['tabs and line breaks', '\t\n\t'],
	['an ideographic space', '\u3000'],
	['zero-width characters', '\u200b\u200c\u200d\u2060\ufeff'],
	['a soft hyphen and a filler', '\u00ad\u3164\u2800'],
	['an unset variable', '${CARILLON_UNSET}'],
	['an unset variable within a text', 'Bearer ${CARILLON_UNSET}'],
	['an unset variable in the older form', '$(CARILLON_UNSET)'],
	['an unset variable with blanks', '${ CARILLON_UNSET }'],
	['a variable without a name', '${}'],
	['a variable with a default that nobody reads', '${CARILLON_UNSET:-x}'],
	['an expression that nobody reads', '{{ $env.CARILLON_UNSET }}'],
	['such an expression as n8n keeps it', '={{ $env.CARILLON_UNSET }}'],
	['marks of direction and form', '\u200e\u2066\u2069\ufe0f\u034f\u180e'],
	['what Node-RED shows for a secret', '__PWRD__'],
	['what n8n shows for a secret', '__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6'],
];

/** The account as it is given, without secrets at all, and with every secret in turn or all of them naught. */
const broken = ({ account, secrets }: Pick<Case, 'account' | 'secrets'>): [string, Record<string, string>][] => {
	const rest = Object.fromEntries(Object.entries(account).filter(([name]) => !secrets.includes(name)));
	const own = secrets.filter((name) => name in account);
	return [
		['nothing filled in', {}],
		['its secrets lost', rest],
		...nothings.map(([name, value]): [string, Record<string, string>] => [
			name,
			{ ...rest, ...Object.fromEntries(own.map((secret) => [secret, value])) },
		]),
	];
};

const now = 1_700_000_000_000;
const requestOf = ({ call }: Case, given: string, at = now): IncomingRequest => {
	const { headers, ...more } = call(given, at);
	return {
		...{ method: 'POST', path: '', query: {}, body: new Uint8Array() },
		headers: { 'content-type': 'application/json', ...headers },
		...more,
	};
};

const asked = (trigger: Trigger, account: object, options: object): Access | ChannelError => {
	try {
		return receptionist(trigger, {
			...{ account: account as never, options: options as never, store: memoryStore(), now: () => now },
		}).access;
	} catch (thrown) {
		return thrown as ChannelError;
	}
};

const isSentence = ({ en, zh }: { en: string; zh: string }) =>
	/^[A-Z“].*\.$/s.test(en) && /[\u4e00-\u9fff].*。$/s.test(zh);

describe.each(called)('$id', (trigger) => {
	const one = cases[trigger.id]!;
	const options = one.options ?? {};
	const reception = (account: object, more: object = {}) =>
		receptionist(trigger, {
			account: account as never,
			options: { ...options, ...more },
			store: memoryStore(),
			now: () => now,
		});

	test('with the right key it is open to those who have it, and to no other', () => {
		expect(asked(trigger, one.account, options)).toBe('checked');
		const right = reception(one.account).receive(requestOf(one, key)).reply;
		if (trigger.id !== 'wecomAppTrigger') expect(Math.floor(right.status / 100)).toBe(2);
		expect(reception(one.account).receive(requestOf(one, 'wrong-key')).reply.status).toBe(401);
	});

	test.each(broken(one))('%s: closed, with a sentence', async (_, account) => {
		const closed = asked(trigger, account, options);
		if (!isChannelError(closed)) throw new Error(`It is ${closed}.`);
		expect([closed.class, isSentence(closed.text), closed.text]).toEqual(['Invalid', true, closed.text]);
		// Accounts that cannot be read at all have no reception.
		let door;
		try {
			door = reception(account);
		} catch {
			return;
		}
		for (const given of ['', key, ...Object.values(account)]) {
			const { reply, happenings } = door.receive(requestOf(one, given));
			expect([reply.status, JSON.parse(reply.body!)]).toEqual([403, { ok: false, error: closed.text.en }]);
			expect(await happenings).toEqual([]);
		}
	});

	if (one.chat) {
		test('lists of users and admins let nobody in where nothing is checked', async () => {
			for (const [, account] of broken(one))
				for (const access of one.opens ? ['checked', 'open'] : ['checked'])
					for (const list of [{ admins: 'boss' }, { users: 'boss' }, { users: 'a', admins: 'boss' }])
						expect(asked(trigger, { ...account, access }, { ...options, ...list })).toMatchObject({
							class: 'Invalid',
						});
		});
	}

	if (one.opens) {
		test('it is open to everybody where the account says so, and only there', () => {
			const [, lost] = broken(one)[1]!;
			expect(asked(trigger, { ...lost, access: 'open' }, options)).toBe('open');
			const { reply } = reception({ ...lost, access: 'open' }).receive(requestOf(one, 'any'));
			expect(Math.floor(reply.status / 100)).toBe(2);
			for (const access of ['', undefined, 'checked', 'Open', 'true'])
				expect(isChannelError(asked(trigger, { ...lost, access }, options))).toBe(true);
		});
	}
});

describe.each(served)('$id', (trigger) => {
	const one = sockets[trigger.id]!;
	const [, lost] = broken(one)[1]!;

	test('is checked with the right key, open by choice', () => {
		expect(asked(trigger, one.account, {})).toBe('checked');
		expect(asked(trigger, { ...lost, access: 'open' }, {})).toBe('open');
	});

	test.each(broken(one))('%s: closed, and nothing listens', async (_, account) => {
		const closed = asked(trigger, account, {});
		expect([isChannelError(closed) && isSentence(closed.text)]).toEqual([true]);
	});

	test('connects to nothing while it is closed', async () => {
		const connecting = { account: { ...lost, language: 'en' }, options: { users: [], admins: [] } };
		await expect(trigger.connect!(connecting as never)).rejects.toMatchObject({ class: 'Invalid' });
	});

	if (one.chat) {
		test('lists let nobody in where nothing is checked', () => {
			expect(asked(trigger, { ...lost, access: 'open' }, { admins: 'boss' })).toMatchObject({ field: 'admins' });
		});
	}
});

describe('the webhook trigger', () => {
	const { webhookTrigger: one } = cases as { webhookTrigger: Case };
	const trigger = called.find(({ id }) => id === 'webhookTrigger')!;
	const answer = (account: object, request: Partial<IncomingRequest>) =>
		receptionist(trigger, { account: account as never, options: { allowGet: true }, store: memoryStore() }).receive(
			{
				...requestOf(one, ''),
				...request,
			},
		).reply.status;
	const basic = (login: string) => ({
		headers: {
			authorization: `Basic ${Buffer.from(login).toString('base64')}`,
			'content-type': 'application/json',
		},
	});

	test('takes no user name for a password', () => {
		expect(answer({ username: 'ann' }, basic('ann:'))).toBe(403);
		expect(answer({ username: 'ann', password: '\u200b' }, basic('ann:\u200b'))).toBe(403);
		expect(answer({ username: 'ann', password: 'pw' }, basic('ann:pw'))).toBe(200);
		expect(answer({ username: 'ann', password: 'pw' }, basic('ann:'))).toBe(401);
	});

	test('asks for all that is set', () => {
		const query = { apiKey: key };
		expect(answer({ key, password: 'pw' }, { query })).toBe(401);
		expect(answer({ key, password: 'pw' }, { ...basic(':pw'), query })).toBe(200);
		expect(answer({ key, password: '${CARILLON_UNSET}' }, { query })).toBe(403);
	});

	test('takes no signature of an empty body for what stands in an address', () => {
		const signature = createHmac('sha256', 'sign').update('').digest('hex');
		const headers = { 'x-hub-signature-256': `sha256=${signature}` };
		const request = { method: 'GET', headers, body: new Uint8Array(), query: { title: 'x' } };
		expect(answer({ hmacSecret: 'sign' }, request)).toBe(401);
		expect(answer({ key }, { ...request, query: { title: 'x', key } })).toBe(200);
	});
});

describe('in Node-RED', () => {
	let http: Listening | undefined;
	beforeAll(() => nodeRed().startServer());
	afterAll(() => nodeRed().stopServer());
	afterEach(async () => {
		await nodeRed().unload();
		await http?.close();
		http = undefined;
	});

	/** As Node-RED keeps them: secrets beside the flow, encrypted. */
	async function run(trigger: Trigger, values: Record<string, string>, options: object, more: Partial<Config> = {}) {
		const channel = channels.find(({ id }) => id === trigger.accountOf);
		const properties = accountProperties(triggerAccount(trigger));
		const kept = (credential: boolean) =>
			Object.fromEntries(
				properties
					.filter((one) => one.credential === credential && one.key in values)
					.map(({ name, key }) => [name, values[key]]),
			);
		const initial = Object.fromEntries(
			triggerProperties(trigger).map(({ name, initial }) => [name, initial.value] as const),
		);
		const RED = await load(
			[...(channel ? [channelSet(channel)] : []), triggerSet(trigger)],
			[
				{ id: 'tab', type: 'tab', label: 'tab' },
				{ id: 'acc', type: triggerAccountType(trigger), ...kept(false), ...more },
				{
					...{ id: 'node', type: typeOf(trigger.id), account: 'acc', path: '/hook', usual: false },
					...{ z: 'tab', x: 0, y: 0, wires: [[]], ...initial, ...options },
				},
			],
			{ acc: kept(true) },
		);
		http = await listen(RED.httpNode);
	}
	const last = (): Status => statusOf('node').at(-1)!;
	const send = async (one: Case, given: string) => {
		const { method, query, headers, body } = requestOf(one, given, Date.now());
		const address = `${http!.url}/hook?${String(new URLSearchParams(query))}`;
		return (await fetch(address, { method, headers, body: body as never })).status;
	};

	test.each(called)('$id: an account that is there, lost, disabled and deleted', async (trigger) => {
		const one = cases[trigger.id]!;
		const [, lost] = broken(one)[1]!;
		const states: [string, Record<string, string>, object, Partial<Config>][] = [
			['secrets lost', lost, {}, {}],
			['unset', broken(one).find(([name]) => name === 'an unset variable')![1], {}, {}],
			['disabled', one.account, {}, { d: true }],
			['deleted', one.account, { account: 'gone' }, {}],
			['never chosen', one.account, { account: '' }, {}],
		];
		for (const [state, account, options, more] of states) {
			await run(trigger, account, { ...one.options, ...options }, more);
			await until(() => last()?.fill === 'red');
			for (const given of [key, '']) expect([403, 404]).toContain(await send(one, given));
			expect([state, last()]).toEqual([state, expect.objectContaining({ fill: 'red' })]);
			expect(calls<string>('node', 'error')).toHaveLength(1);
			await nodeRed().unload();
			await http!.close();
			http = undefined;
		}
	});

	test.each(called)('$id: with its key it is green, and takes who has it', async (trigger) => {
		const one = cases[trigger.id]!;
		await run(trigger, one.account, { ...one.options });
		await until(() => last()?.fill === 'green');
		expect(await send(one, 'wrong-key')).toBe(401);
		if (trigger.id !== 'wecomAppTrigger') expect(Math.floor((await send(one, key)) / 100)).toBe(2);
	});

	test.each(called.filter(({ id }) => cases[id]!.opens))('$id: open by choice is yellow', async (trigger) => {
		const one = cases[trigger.id]!;
		const [, lost] = broken(one)[1]!;
		await run(trigger, { ...lost, access: 'open' }, { ...one.options });
		await until(() => last()?.fill === 'yellow');
		expect(Math.floor((await send(one, '')) / 100)).toBe(2);
		expect(last()).toMatchObject({ fill: 'yellow', text: expect.stringContaining('open to everybody') });
	});

	test.each(served)('$id: closed it is red, open by choice yellow', async (trigger) => {
		const [, lost] = broken(sockets[trigger.id]!)[1]!;
		await run(trigger, lost, {});
		await until(() => last()?.fill === 'red');
		await nodeRed().unload();
		await http!.close();
		await run(trigger, { ...lost, access: 'open' }, { port: '' });
		await until(() => last()?.fill === 'yellow');
	});

	test('wrong keys are told in the log, a thousand of them no more often than one', async () => {
		const trigger = called.find(({ id }) => id === 'webhookTrigger')!;
		await run(trigger, cases.webhookTrigger!.account, {});
		for (let time = 0; time < 50; time++) expect(await send(cases.webhookTrigger!, 'wrong')).toBe(401);
		expect(calls<string>('node', 'warn')).toEqual([
			expect.stringMatching(/refused \(401\): The key is missing or wrong/),
		]);
	});
});

describe('in n8n', () => {
	const create = async (trigger: Trigger, account: object | undefined, options: Record<string, string> = {}) => {
		const node = new (triggerNode(trigger))();
		const type = node.description.credentials![0]!.name;
		const host = {
			getNode: () => ({
				...{ id: 'n', name: 'Node', type: 'x', typeVersion: 1, position: [0, 0], parameters: {} },
				...(account && { credentials: { [type]: { id: '1', name: 'x' } } }),
			}),
			getCredentials: async () => {
				if (account) return account;
				throw new Error('Node does not have any credentials set');
			},
			getNodeParameter: (name: string, fallback: unknown) =>
				options[name] ?? (trigger.options as Fields)[name]?.default ?? fallback,
			getMode: () => 'trigger',
			getWorkflow: () => ({ id: 'w' }),
		};
		const entry = node.description.webhooks![0]!.name;
		const opening = node.webhookMethods![entry as 'default']!;
		expect(await opening.checkExists!.call(host as unknown as IHookFunctions)).toBe(false);
		return await opening.create!.call(host as unknown as IHookFunctions);
	};

	test.each(called)('$id is published with its key, and refused with the sentence without', async (trigger) => {
		const one = cases[trigger.id]!;
		expect(takesRequests(trigger, one.options ?? {})).toBe(true);
		await expect(create(trigger, one.account, one.options)).resolves.toBe(true);
		await expect(create(trigger, undefined, one.options)).rejects.toThrow();
		for (const [, account] of broken(one)) {
			const { text } = asked(trigger, account, one.options ?? {}) as ChannelError;
			await expect(create(trigger, account, one.options)).rejects.toThrow(text.en);
			await expect(create(trigger, { ...account, language: 'zh' }, one.options)).rejects.toThrow(text.zh);
		}
		if (one.opens)
			await expect(create(trigger, { access: 'open', ...broken(one)[1]![1] }, one.options)).resolves.toBe(true);
		expect(new (triggerNode(trigger))().description.credentials).toMatchObject([{ required: true }]);
	});
});

test('what the tests call a secret is one to the form', () => {
	for (const trigger of triggers)
		for (const name of (cases[trigger.id] ?? sockets[trigger.id])?.secrets ?? []) {
			const field = (trigger.account as Fields)[name];
			expect([trigger.id, name, field?.secret]).toEqual([trigger.id, name, true]);
			expect(isShown(trigger.account, name, { ...cases[trigger.id]?.account })).toBe(true);
		}
});
