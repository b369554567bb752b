import { service, type Answer, type Seen, type Service } from '../service';
import { concurrency, fleet, missing, type Fleet } from './fleet';
import type { WorkflowNode } from '../e2e/n8n/n8n';

/**
 * An n8n in queue mode whose worker and main are killed while it works:
 *
 *   npm run test:queue                                500 webhooks
 *   CARILLON_WEBHOOKS=10000 npm run test:queue        as many as are wanted
 */
const webhooks = Number(process.env.CARILLON_WEBHOOKS ?? 500);
/** In flight at once. */
const together = 10;

const carillon = '@carillon/n8n-nodes-carillon';
const key = 'S3cretDeviceKey0';
const minute = 60_000;
const slots = 2 * concurrency;

const isSkipped = missing.length > 0 && process.env.CI !== 'true';
if (isSkipped) console.warn(`Skipped: n8n’s queue mode needs servers: apt-get install ${missing.join(' ')}`);

(isSkipped ? describe.skip : describe)('n8n in queue mode, killed while it works', () => {
	let n8n: Fleet;
	let counting: Service;
	/** By place (a path of the service): who told it what, in their order. */
	const told = new Map<string, string[]>();
	/** While it is shut, whoever comes to the gate waits there. */
	let atGate: string[] = [];
	let opens: Promise<void> = Promise.resolve();
	let open = () => {};
	let isDown = false;

	const shut = () => {
		atGate = [];
		opens = new Promise((done) => (open = done));
	};
	const accepted: Answer = { body: { code: 200, message: 'success', timestamp: 1 } };

	async function answer({ path, json }: Seen): Promise<Answer> {
		const place = path.split('/')[1]!;
		const { body } = json as { body: string };
		if (place === 'gate') {
			atGate.push(body);
			await opens;
			return accepted;
		}
		if (isDown && place === 'outbox') return { status: 503, body: 'closed' };
		told.set(place, [...(told.get(place) ?? []), body]);
		return accepted;
	}

	let gateKey: object;
	beforeAll(async () => {
		counting = await service(answer);
		n8n = await fleet();
		gateKey = await n8n.main().createCredential('carillonWebhookTriggerApi', { key: 'open-sesame' });
	}, 10 * minute);
	afterAll(async () => {
		open();
		await n8n?.close();
		await counting?.close();
	}, 2 * minute);

	const bark = async (place: string, name = place): Promise<WorkflowNode> => ({
		name,
		type: `${carillon}.bark`,
		parameters: { message: '={{ $json.message.body }}', options: { attempts: 1 } },
		credentials: {
			carillonBarkApi: await n8n
				.main()
				.createCredential('carillonBarkApi', { baseUrl: `${counting.url}/${place}`, deviceKeys: key }, place),
		},
	});
	async function publish(path: string, settings: object, ...nodes: WorkflowNode[]): Promise<string> {
		const trigger = {
			name: 'Webhook Trigger',
			type: `${carillon}.webhookTrigger`,
			parameters: { path, settings },
			credentials: { carillonWebhookTriggerApi: gateKey },
		} as WorkflowNode;
		const id = await n8n.main().createWorkflow(path, [trigger, ...nodes]);
		await n8n.main().activate(id, path);
		return id;
	}

	/** As senders do: until somebody has said that it came, at one door or the other. */
	async function send(path: string, message: string): Promise<void> {
		for (let tries = 0; ; tries++) {
			const doors = n8n.doors();
			const door = doors[tries % doors.length]!;
			try {
				const response = await fetch(`${door}/webhook/${path}?apiKey=open-sesame`, {
					method: 'POST',
					body: JSON.stringify({ message }),
					signal: AbortSignal.timeout(minute),
				});
				await response.text();
				if (response.status === 200) return;
			} catch {
				// Nobody was there, or nobody lived to answer.
			}
			if (tries > 500) throw new Error(`nobody takes ${message}`);
			await new Promise((done) => setTimeout(done, 200));
		}
	}
	async function sendAll(path: string, messages: readonly string[], at = together): Promise<void> {
		const left = [...messages];
		await Promise.all(
			Array.from({ length: at }, async () => {
				for (let next = left.shift(); next !== undefined; next = left.shift()) await send(path, next);
			}),
		);
	}
	const list = (name: string, from: number, to: number) =>
		Array.from({ length: to - from }, (_, at) => `${name} ${String(from + at).padStart(6, '0')}`);

	async function eventually(what: string, holds: () => boolean, ms: number): Promise<void> {
		const end = Date.now() + ms;
		while (!holds()) {
			if (Date.now() > end)
				throw new Error(
					`waited in vain for ${what}: ${JSON.stringify([...told].map(([place, all]) => [place, all.length]))}, ${atGate.length} at the gate\n${n8n.log('main').slice(-3_000)}\n${n8n.log('worker1').slice(-2_000)}\n${n8n.log('worker2').slice(-2_000)}`,
				);
			await new Promise((done) => setTimeout(done, 100));
		}
	}
	/** Both workers hold as many executions as they can, and the service has been told nothing by any of them. */
	const full = () => eventually('full workers', () => atGate.length >= slots, 3 * minute);

	test(
		`${webhooks} webhooks, a worker and the main killed in the middle: each is delivered, and none twice`,
		async () => {
			await publish('kept', {}, await bark('gate', 'Gate'), await bark('kept'));
			await publish('unkept', { keep: false }, await bark('gate', 'Gate'), await bark('unkept'));
			const outbox: WorkflowNode = { name: 'Outbox', type: `${carillon}.outbox`, parameters: {} };
			await publish('outbox', {}, outbox, await bark('outbox'));
			isDown = true;

			// What would be lost is lost: a worker that holds half of them ends.
			shut();
			const unkept = list('unkept', 0, slots);
			await sendAll('unkept', unkept);
			await full();
			await n8n.kill('worker1');
			open();
			await n8n.restart('worker1');

			const messages = list('kept', 0, webhooks);
			const waiting = list('outbox', 0, Math.max(10, Math.ceil(webhooks / 20)));
			const [first, second] = [Math.floor(webhooks * 0.4), Math.floor(webhooks * 0.7)];
			const others = sendAll('outbox', waiting, 1);
			await sendAll('kept', messages.slice(0, first - slots));
			await eventually('those before', () => (told.get('kept') ?? []).length >= first - slots, 10 * minute);
			shut();
			await sendAll('kept', messages.slice(first - slots, first));
			await full();
			await n8n.kill('worker1');
			open();
			const rest = sendAll('kept', messages.slice(first, second));
			await n8n.restart('worker1');
			await rest;

			const last = sendAll('kept', messages.slice(second));
			await n8n.kill('main');
			await n8n.restart('main');
			await Promise.all([last, others]);
			isDown = false;

			const patient = 5 * minute + webhooks * 500;
			await eventually('all', () => new Set(told.get('kept')).size >= webhooks, patient);
			await eventually('the outbox', () => new Set(told.get('outbox')).size >= waiting.length, patient);
			// Whatever is to come yet comes within a lease.
			await new Promise((done) => setTimeout(done, 1.5 * minute));
			expect([...told.get('kept')!].sort()).toEqual(messages);
			expect([...told.get('outbox')!].sort()).toEqual(waiting);
			// Those of the worker that was killed, and no others.
			const delivered = told.get('unkept') ?? [];
			expect(new Set(delivered).size).toBe(delivered.length);
			expect(delivered.length).toBe(slots - concurrency);
		},
		40 * minute + webhooks * 1_000,
	);
});
