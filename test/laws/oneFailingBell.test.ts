import type { IDataObject } from 'n8n-workflow';
import { channelSet } from '../../src/hosts/node-red/channel-node';
import { workbench, type Workbench } from '../hosts/n8n/workbench';
import { bark } from '../../src/services/bark/bark.channel';
import { webhookTrigger } from '../../src/services/webhook/webhook.trigger';
import { triggerSet } from '../../src/hosts/node-red/trigger-node';
import { calls, listen, load, nodeRed, until } from '../hosts/node-red/runtime';
import { service, type Service } from '../service';

/** Why a bell cannot ring: how its account is set, or what its service says. */
const failures: Record<string, { account?: object; status?: number }> = {
	'refused by the service': { status: 401 },
	'its message refused': { status: 400 },
	unreachable: { account: { baseUrl: 'http://127.0.0.1:1' } },
	'set up wrongly': { account: { baseUrl: 'no address' } },
	'without its secret': { account: { token: '', deviceKeys: '' } },
};
const bells = ['first', 'second', 'third'];
const cases = Object.keys(failures).flatMap((how) => bells.map((which) => ({ how, which })));

let server: Service;
let refusing: { path: string; status: number } | undefined;
beforeAll(async () => {
	// Each bell's service has a path of its own.
	server = await service(({ path }) =>
		refusing && path.startsWith(refusing.path)
			? { status: refusing.status, body: { code: refusing.status, ok: false, message: 'no', why: 'no' } }
			: { body: { code: 200, message: 'success', ok: true, id: 1 } },
	);
});
afterAll(() => server.close());

function begin({ how, which }: (typeof cases)[number]) {
	const { account, status } = failures[how]!;
	server.requests.length = 0;
	refusing = status ? { path: `/${which}/`, status } : undefined;
	return (name: string) => ({
		...{
			baseUrl: `${server.url}/${name}`,
			language: 'en',
			deviceKeys: 'k3y-of-the-bell',
			token: 'k3y-of-the-bell',
		},
		...(name === which && account),
	});
}

/** Those whose service was reached, and said yes. */
const rung = (which: string) =>
	bells.filter((name) => name !== which && server.requests.some(({ path }) => path.startsWith(`/${name}/`)));

describe('n8n', () => {
	let bench: Workbench;
	beforeAll(async () => void (bench = await workbench()), 300_000);
	afterAll(() => bench.close());

	// In a row: where one stopped the workflow, those behind it would never be tried.
	test.each(cases)('$how: the $which of three', async (one) => {
		const accountOf = begin(one);
		const ran = await bench.run({
			items: [{ json: { message: 'ding' } }],
			credentials: Object.fromEntries(bells.map((name) => [name, accountOf(name)])),
			nodes: bells.map((name) => ({
				name,
				type: '@carillon/n8n-nodes-carillon.bark',
				credentials: { carillonBarkApi: { id: name, name } },
				parameters: { options: { attempts: 1 } },
			})),
		});
		expect([ran.error, rung(one.which)]).toEqual([undefined, bells.filter((name) => name !== one.which)]);
		const item = (name: string) => ran.runData[name]?.[0]?.data?.main?.[0]?.[0]?.json as IDataObject;
		expect(item(one.which).error).toMatchObject({ class: expect.any(String), message: expect.any(String) });
		expect(ran.runData[one.which]?.[0]?.hints).toMatchObject([{ message: expect.stringMatching(/\S/) }]);
		for (const name of rung(one.which)) expect(item(name).receipt).toMatchObject({ ok: true });
	});
});

describe('Node-RED', () => {
	beforeAll(() => nodeRed().startServer());
	afterEach(() => nodeRed().unload());
	afterAll(() => nodeRed().stopServer());

	test.each(cases)(
		'$how: the $which of three',
		async (one) => {
			const accountOf = begin(one);
			const accounts = bells.map((name) => ({ id: `account-${name}`, ...accountOf(name) }));
			const RED = await load(
				[channelSet(bark), triggerSet(webhookTrigger)],
				[
					{ id: 'tab', type: 'tab', label: 'tab' },
					...accounts.map(({ id, baseUrl, language }) => ({
						id,
						type: 'carillon-bark-account',
						baseUrl,
						language,
					})),
					...bells.map((name) => ({
						...{
							id: name,
							z: 'tab',
							x: 0,
							y: 0,
							type: 'carillon-bark',
							account: `account-${name}`,
							attempts: '1',
						},
						wires: [[]],
					})),
					{ id: 'callers', type: 'carillon-webhookTrigger-account', access: 'open', language: 'en' },
					{
						id: 'source',
						z: 'tab',
						x: 0,
						y: 0,
						type: 'carillon-webhookTrigger',
						account: 'callers',
						path: '/ring',
						wires: [bells],
					},
				],
				Object.fromEntries(accounts.map(({ id, deviceKeys }) => [id, { deviceKeys }])),
			);
			const said = (name: string) => calls<{ fill?: string }>(name, 'status').map(({ fill }) => fill);
			const http = await listen(RED.httpNode);
			const reply = await fetch(`${http.url}/ring`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ title: `Ding ${one.how} ${one.which}`, message: 'dong' }),
			});
			expect(reply.status).toBe(200);
			await http.close();
			const others = bells.filter((name) => name !== one.which);
			await until(
				() => others.every((name) => said(name).at(-1) === 'green') && said(one.which).at(-1) === 'red',
				20_000,
			);
			expect(rung(one.which)).toEqual(others);
		},
		30_000,
	);
});
