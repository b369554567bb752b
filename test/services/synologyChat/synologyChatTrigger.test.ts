import { fc } from '../../property';
import { synologyChatTrigger } from '../../../src/services/synologyChat/synologyChat.trigger';
import { corpus, served, tell, type Served } from '../../core/receive/served';

const account = {
	token: 'bot-token',
	kind: 'chatbot',
	baseUrl: 'https://nas.example.com',
	outgoingToken: 'hook-token, slash-token',
};
let node: Served;
const start = async (options: object = {}, more: object = {}) =>
	(node = await served(synologyChatTrigger, { ...account, ...more }, options as Record<string, unknown>));
afterEach(() => node?.close());

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (fields: Record<string, string>) => tell(node.url, form(fields), asForm);
const hook = {
	...{ token: 'hook-token', channel_id: '34', channel_type: '1', channel_name: 'Lab', user_id: '4', username: 'ann' },
	...{ post_id: '146028888230', thread_id: '0', timestamp: '1647060330657', text: 'last 5', trigger_word: 'last' },
};

test('an outgoing webhook: the trigger word is the command', async () => {
	await start({ answers: 'last = One moment.' });
	expect(await post(hook)).toMatchObject({ status: 200, json: { text: 'One moment.' } });
	expect(node.events).toEqual([
		{
			channel: 'synologyChat',
			conversation: { id: '34', kind: 'channel', name: 'Lab' },
			user: { id: '4', name: 'ann' },
			admin: false,
			text: 'last 5',
			command: 'last',
			args: ['5'],
			replyTo: '4',
			messageId: '146028888230',
			time: '2022-03-12T04:45:30.657Z',
			kind: 'message',
			happening: expect.stringMatching(/^hp-/),
			raw: expect.not.objectContaining({ token: expect.anything() }),
		},
	]);
	expect(node.happenings[0]!.message).toMatchObject({ body: 'last 5', to: '4' });
});

test('a bot and a slash command, which have neither channel nor id', async () => {
	await start();
	expect(await post({ token: 'bot-token', user_id: '5', username: 'bob', text: 'hello' })).toMatchObject({
		status: 200,
		json: {},
	});
	await post({ token: 'slash-token', user_id: '5', username: 'bob', text: '/pause 10m' });
	expect(node.events).toMatchObject([
		{ text: 'hello', conversation: { id: '5', kind: 'private', name: 'bob' }, kind: 'command' },
		{ command: 'pause', args: ['10m'], replyTo: '5' },
	]);
	expect(node.events[0]).not.toHaveProperty('command');
});

test('a pressed button', async () => {
	await start({ answers: 'stop = Stopped.' });
	const payload = {
		actions: [{ type: 'button', name: 'b', value: '/stop', text: 'Stop', style: 'red' }],
		...{
			callback_id: 'carillon',
			post_id: 146028888231,
			token: 'bot-token',
			user: { user_id: 5, username: 'bob' },
		},
	};
	expect((await post({ payload: JSON.stringify(payload) })).json).toEqual({ text: 'Stopped.' });
	expect(node.events[0]).toMatchObject({
		...{ kind: 'button', text: '/stop', command: 'stop', replyTo: '5' },
		button: { value: '/stop', messageId: '146028888231' },
	});
	expect(JSON.stringify(node.happenings)).not.toContain('bot-token');
});

test('tokens as Synology Chat shows them: in quotes, or within the URL of a bot', async () => {
	const token =
		'https://nas.example.com/webapi/entry.cgi?api=SYNO.Chat.External&method=chatbot&version=2&token=%22abc%22';
	await start({}, { token, outgoingToken: '' });
	expect((await post({ token: 'abc', user_id: '5', username: 'bob', text: 'x' })).status).toBe(200);
	expect((await post({ token: '', user_id: '5', username: 'bob', text: 'x' })).status).toBe(401);
});

test.each([
	['another token', form({ ...hook, token: 'other' }), 401],
	['no token', form({ text: 'x', user_id: '4' }), 401],
	['a button without a token', form({ payload: '{"user":{"user_id":5}}' }), 401],
	['a payload that is no JSON', form({ payload: '{' }), 400],
	['an empty body', '', 401],
	['a large body', form({ ...hook, text: 'x'.repeat(1024 * 1024) }), 413],
])('%s is refused', async (_, body, status) => {
	await start();
	const { status: given, json } = await tell(node.url, body, asForm);
	expect([given, json.ok]).toEqual([status, false]);
	expect(node.happenings).toEqual([]);
});

test('a redelivery rings once; strangers and admin commands are told apart', async () => {
	await start({ users: '4', adminCommands: 'last', strangers: 'refuse' });
	expect((await post(hook)).json.text).toMatch(/only admins/);
	const plain = { ...hook, text: 'last', trigger_word: '' };
	await post(plain);
	await post(plain);
	expect((await post({ ...hook, user_id: '9' })).json.text).toMatch(/people I know/);
	// An outgoing webhook without a trigger word is told everything that is said in its channel.
	expect((await post({ ...plain, user_id: '9' })).json).toEqual({});
	expect(node.events).toHaveLength(1);
});

test('real bodies', async () => {
	for (const [name, body] of corpus('synology-chat')) {
		const fields = Object.fromEntries(new URLSearchParams(body.toString()));
		node = await served(synologyChatTrigger, { ...account, outgoingToken: fields.token });
		expect([name, (await tell(node.url, body, asForm)).status]).toEqual([name, 200]);
		expect(node.events[0]).toMatchObject({
			text: fields.text,
			user: { id: fields.user_id, name: fields.username },
		});
		await node.close();
	}
});

test('whatever comes is answered', () => {
	const request = (body: string) => ({ method: 'POST', path: '', query: {}, headers: {}, body: Buffer.from(body) });
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.json().map((json) => form({ payload: json })),
			),
			(body) => {
				expect(() =>
					synologyChatTrigger.receive!({
						request: request(body),
						account: account as never,
						options: {} as never,
						now: 0,
					}),
				).toThrow(expect.objectContaining({ name: 'Refusal' }));
			},
		),
	);
});
