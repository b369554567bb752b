import { definitions, runsIn } from '../../../scripts/definitions';
import type { Channel, Field } from '../../../src/core/define/channel';
import { channelSet } from '../../../src/hosts/node-red/channel-node';
import { accountProperties, accountTypeOf } from '../../../src/hosts/node-red/properties';
import { listen, load, nodeRed, type Listening } from './runtime';

/** Every release may add a field to an account: a flow from before it lacks that field, and nobody changed anything. */

const channels = definitions()
	.filter((found) => runsIn(found, 'node-red'))
	.map(({ definition }) => definition)
	.filter((definition): definition is Channel => definition.type === 'channel')
	// What is asked here is whether it comes to sending.
	.map((channel): Channel => ({ ...channel, verify: undefined, send: () => Promise.resolve({ id: 1 }) }));

let http: Listening | undefined;

beforeAll(async () => {
	await nodeRed().startServer();
});
afterAll(async () => {
	await nodeRed().stopServer();
});
afterEach(async () => {
	await http?.close();
	await nodeRed().unload();
});

function sample(channel: Channel): Record<string, unknown> {
	const of = (key: string, field: Field): unknown => {
		const { kind, options, default: given } = field;
		if (given !== undefined && given !== true && given !== false) return given;
		if (kind === 'number') return field.min ?? 1;
		if (kind === 'toggle') return given ?? false;
		if (kind === 'choice') return Object.keys(options!)[0];
		if (kind === 'choices') return [];
		if (kind === 'json') return '{}';
		if (/host/i.test(key)) return '127.0.0.1';
		return kind === 'url' || /url|hook|address/i.test(key) ? 'https://bell.invalid' : 'sample';
	};
	return Object.fromEntries(Object.entries(channel.account).map(([key, field]) => [key, of(key, field)]));
}

/** As the form shows what a node says, and its own default where the node says nothing. */
function shownIn(channel: Channel, config: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		accountProperties(channel.account).map(({ name, field, credential, initial }) => {
			if (credential) return [name, '__PWRD__'];
			const value = config[name] ?? (initial.value === '' ? undefined : initial.value);
			return [name, field.kind === 'toggle' ? value === true : (value ?? '')];
		}),
	);
}

test.each(channels.map((channel) => [channel.id, channel] as const))(
	'an account of %s that lacks any one field may be tested with nothing changed',
	async (id, channel) => {
		const properties = accountProperties(channel.account);
		const values = sample(channel);
		const [open, secret] = [
			properties.filter(({ credential }) => !credential),
			properties.filter(({ credential }) => credential),
		];
		const whole = Object.fromEntries(open.map(({ name, key, initial }) => [name, values[key] ?? initial.value]));
		const credentials = Object.fromEntries(secret.map(({ name, key }) => [name, values[key] ?? '']));
		const lacking = open.map(({ name }) => {
			const { [name]: _lacked, ...rest } = whole;
			return { without: name, config: rest };
		});
		const accounts = lacking.map(({ without, config }) => ({
			id: `acc-${without}`,
			type: accountTypeOf(id),
			...config,
		}));
		await load([channelSet(channel)], accounts, Object.fromEntries(accounts.map((one) => [one.id, credentials])));
		http = await listen(nodeRed()._httpAdmin);
		for (const { without, config } of lacking) {
			for (const form of [
				shownIn(channel, config),
				{ ...config, ...Object.fromEntries(secret.map(({ name }) => [name, '__PWRD__'])) },
			]) {
				const reply = await fetch(`${http.url}/carillon-editor/${id}/test`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ account: `acc-${without}`, values: form }),
				});
				const { message = '' } = (await reply.json()) as { message?: string };
				expect([without, message]).toEqual([
					without,
					expect.not.stringMatching(/kept on the server|保存在服务器上/),
				]);
			}
		}
	},
	60_000,
);
