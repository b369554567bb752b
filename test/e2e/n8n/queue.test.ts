import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BotApi, botToken } from '../../services/telegram/botApi';
import { until } from '../../core/sockets/connected';
import { service, type Answer, type Seen, type Service } from '../../service';
import { missing, postgres, redis, type Database } from './databases';
import {
	logIn,
	pack,
	startProcess,
	userFolder,
	type Execution,
	type N8n,
	type Running,
	type WorkflowNode,
} from './n8n';

const carillon = '@carillon/n8n-nodes-carillon';
const key = 'S3cretDeviceKey0';
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 1, 2, 3, 4]);

const isSkipped = missing.length > 0 && process.env.CI !== 'true';
if (isSkipped) console.warn(`Skipped: n8n’s queue mode needs servers: apt-get install ${missing.join(' ')}`);

(isSkipped ? describe.skip : describe)('n8n’s queue mode: a main, a webhook processor and a worker', () => {
	const folders: string[] = [];
	let receiver: Service;
	let answer: (request: Seen) => Answer | Promise<Answer>;
	/** Newest first. */
	const started: Promise<{ close(): Promise<void> }>[] = [];
	let database: Database & { query(sql: string): Promise<string> };
	let main: N8n;
	let processor: Running;
	let worker: Running;
	let bark: { id: string; name: string };
	let telegram: { id: string; name: string };
	let gate: { id: string; name: string };

	beforeAll(async () => {
		if (missing.length) throw new Error(`Not installed here: apt-get install ${missing.join(' ')}`);
		const keep = <T extends { close(): Promise<void> }>(starting: Promise<T>) => {
			started.unshift(starting);
			return starting;
		};
		const folder = mkdtempSync(join(tmpdir(), 'carillon-pack-'));
		folders.push(folder);
		receiver = await service((request) => answer(request));
		database = await keep(postgres());
		const queue = await keep(redis());
		const home = await userFolder(await pack(folder));
		folders.push(home);
		const env = {
			EXECUTIONS_MODE: 'queue',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(queue.port),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(database.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
		};
		// As in containers, nothing is shared but the databases and the key.
		const start = (...command: string[]) => {
			const own = `${home}-${command[0]}`;
			cpSync(home, own, { recursive: true });
			return keep(startProcess(own, command, env));
		};
		// The main alone makes the tables.
		main = await logIn(await start('start'));
		[processor, worker] = await Promise.all([start('webhook'), start('worker', '--concurrency=5')]);
		bark = await main.createCredential('carillonBarkApi', { baseUrl: receiver.url, deviceKeys: key });
		telegram = await main.createCredential('carillonTelegramApi', { baseUrl: receiver.url, botToken, to: '42' });
		gate = await main.createCredential('carillonWebhookTriggerApi', { key: 'open-sesame' });
	}, 300_000);
	afterAll(async () => {
		for (const starting of started) {
			// One that did not start has cleaned up, and has been told of.
			const server = await starting.catch(() => undefined);
			await server?.close();
		}
		await receiver?.close();
		for (const folder of folders) rmSync(folder, { recursive: true, force: true });
	}, 60_000);
	beforeEach(() => {
		answer = accepts;
		receiver.requests.length = 0;
	});

	const accepts = ({ path }: Seen): Answer =>
		path.startsWith('/bot')
			? { body: { ok: true, result: { message_id: 1, chat: { id: 42 } } } }
			: { body: { code: 200, message: 'success', timestamp: 1 } };
	const trigger = (path: string): WorkflowNode => ({
		name: 'Webhook Trigger',
		type: `${carillon}.webhookTrigger`,
		parameters: { path },
		credentials: { carillonWebhookTriggerApi: gate },
	});
	const barkNode = (more: object = {}): WorkflowNode => ({
		name: 'Bark',
		type: `${carillon}.bark`,
		credentials: { carillonBarkApi: bark },
		...more,
	});
	const telegramNode = (more: object = {}): WorkflowNode => ({
		name: 'Telegram',
		type: `${carillon}.telegram`,
		credentials: { carillonTelegramApi: telegram },
		...more,
	});
	async function activeWorkflow(path: string, ...nodes: WorkflowNode[]): Promise<string> {
		const id = await main.createWorkflow(path, [trigger(path), ...nodes]);
		await main.activate(id, path);
		return id;
	}
	const tell = (to: { url: string }, path: string, body: string | FormData) =>
		fetch(`${to.url}/webhook/${path}?apiKey=open-sesame`, { method: 'POST', body });
	/** As Postgres has it. */
	const storedOf = ({ id }: Execution) =>
		database.query(`select data from execution_data where "executionId" = ${id}`);
	const ofWorker = ({ id }: Execution) => worker.log().includes(`Worker started execution ${id} `);

	test('a request is answered at once and delivered once, by the worker, whoever received it', async () => {
		const id = await activeWorkflow('ring', barkNode());
		for (const [index, to] of [main, processor].entries()) {
			let accept = () => {};
			const accepted = new Promise<void>((done) => (accept = done));
			answer = (request) => accepted.then(() => accepts(request));
			// As long as the service has not answered, the flow cannot be through.
			const reply = await tell(to, 'ring', JSON.stringify({ title: 'Tea', message: `is ready: ${index}` }));
			expect([reply.status, await reply.text()]).toEqual([200, '{"ok":true}']);
			accept();
			const execution = (await main.executions(id, index + 1))[index]!;
			expect([execution.status, ofWorker(execution)]).toEqual(['success', true]);
			expect(receiver.requests).toHaveLength(index + 1);
			expect(receiver.requests[index]?.json).toMatchObject({
				title: 'Tea',
				body: `is ready: ${index}`,
				device_key: key,
			});
			const stored = await storedOf(execution);
			expect(stored).toContain('is ready');
			expect(stored).not.toContain(key);
			expect(stored).not.toContain('open-sesame');
		}
	}, 60_000);

	test('a repeat is known to every process, whichever received the first one', async () => {
		const id = await activeWorkflow('repeated', barkNode());
		const body = '{"title":"Tea","message":"is ready"}';
		const answers: string[] = [];
		for (const to of [main, main, processor, processor, main]) {
			const reply = await tell(to, 'repeated', body);
			expect(reply.status).toBe(200);
			answers.push(await reply.text());
		}
		const [ring, repeat] = ['{"ok":true}', '{"ok":true,"repeated":true}'];
		expect(answers).toEqual([ring, repeat, repeat, repeat, repeat]);
		await main.executions(id, 1);
		await sleep(1_000);
		expect(await main.executions(id, 1)).toHaveLength(1);
		expect(receiver.requests).toHaveLength(1);
	}, 60_000);

	const plex = (title: string) => {
		const payload = {
			event: 'library.new',
			user: false,
			owner: true,
			Account: { id: 1, title: 'alice' },
			Server: { title: 'nas', uuid: 'abc' },
			Metadata: { librarySectionType: 'movie', ratingKey: title, type: 'movie', title, year: 2021 },
		};
		const form = new FormData();
		form.append('payload', JSON.stringify(payload));
		form.append('thumb', new Blob([jpeg], { type: 'image/jpeg' }), 'thumb.jpg');
		return form;
	};

	test('a poster goes from whoever received it to the worker, and out as a picture', async () => {
		const id = await activeWorkflow('plex', telegramNode());
		for (const [index, to] of [main, processor].entries()) {
			expect((await tell(to, 'plex', plex(`Dune ${index}`))).status).toBe(200);
			const execution = (await main.executions(id, index + 1))[index]!;
			expect([execution.status, ofWorker(execution)]).toEqual(['success', true]);
			expect(receiver.requests.map(({ path }) => path.split('/')[2])).toEqual(Array(index + 1).fill('sendPhoto'));
			expect(receiver.requests[index]?.body.includes(jpeg)).toBe(true);
		}
		// What n8n takes in queue mode unless it is told otherwise.
		expect(await database.query('select count(*) from binary_data')).toBe('2');
	}, 60_000);

	test('a poster that the worker cannot get does not cost the text, and the receipt says why', async () => {
		const id = await activeWorkflow('lost', barkNode(), telegramNode());
		// As where each process keeps its files in a folder of its own: gone by the time the second channel wants it.
		answer = async (request) => {
			if (request.path === '/push') await database.query('delete from binary_data');
			return accepts(request);
		};
		expect((await tell(processor, 'lost', plex('Dune'))).status).toBe(200);
		const [execution] = await main.executions(id, 1);
		expect(execution?.status).toBe('success');
		expect(receiver.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['push', 'sendMessage']);
		expect(receiver.requests[1]?.json.text).toContain('Dune');
		expect(execution?.data.resultData.runData.Telegram?.[0]?.data?.main?.[0]?.[0]?.json.receipt).toMatchObject({
			ok: true,
			degraded: ['image', 'level'],
			warnings: [expect.stringMatching(/could not read the binary property “poster”/)],
		});
	}, 60_000);

	test('a channel that fails on the worker says so in our words; neither database nor logs hold a secret', async () => {
		answer = () => ({ status: 401, body: { ok: false, error_code: 401, description: `Unauthorized ${botToken}` } });
		const id = await activeWorkflow('failing', telegramNode({ parameters: { whenItCannotBeSent: 'stop' } }));
		expect((await tell(processor, 'failing', '{"message":"x"}')).status).toBe(200);
		const execution = (await main.executions(id, 1))[0]!;
		expect([execution.status, ofWorker(execution)]).toEqual(['error', true]);
		expect(execution.data.resultData.error).toMatchObject({
			message: expect.stringMatching(/^[A-Z].*\.$/),
			description: expect.stringMatching(/^Unauthorized/),
		});
		const stored = await storedOf(execution);
		expect(stored).toContain(execution.data.resultData.error!.message);
		const secret = botToken.split(':')[1];
		for (const text of [stored, main.log(), processor.log(), worker.log()]) expect(text).not.toContain(secret);
	}, 60_000);

	test('continue on fail: the flow goes on with the error, to the error output where there is one', async () => {
		answer = () => ({ status: 400, body: { code: 400, message: 'failed to get device token' } });
		const id = await activeWorkflow(
			'continuing',
			barkNode({ onError: 'continueRegularOutput' }),
			barkNode({ name: 'Second', onError: 'continueErrorOutput' }),
		);
		await tell(processor, 'continuing', '{"message":"x"}');
		const execution = (await main.executions(id, 1))[0]!;
		expect([execution.status, ofWorker(execution)]).toEqual(['success', true]);
		const { runData } = execution.data.resultData;
		expect(runData.Bark?.[0]?.data?.main?.[0]?.[0]?.json).toMatchObject({
			event: { source: 'custom' },
			error: { class: 'Unauthorized', message: expect.stringMatching(/\.$/), channel: 'bark' },
		});
		const second = runData.Second?.[0]?.data?.main;
		expect([second?.[0]?.length, second?.[1]?.[0]?.json]).toEqual([
			0,
			expect.objectContaining({
				event: expect.anything(),
				error: expect.objectContaining({ channel: 'bark' }),
			}),
		]);
	}, 60_000);

	test('a poll runs once, on the main; what it hears runs on the worker; deactivated, it ends', async () => {
		const bot = await new BotApi().up();
		try {
			const account = await main.createCredential('carillonTelegramApi', { baseUrl: bot.url, botToken }, 'bot');
			const credentials = { carillonTelegramApi: account };
			const id = await main.createWorkflow('chat', [
				{ name: 'Telegram Trigger', type: `${carillon}.telegramTrigger`, credentials },
				telegramNode({ credentials, parameters: { options: { allowTo: true } } }),
			]);
			const { versionId } = await main.rest<{ versionId: string }>(`workflows/${id}`);
			await main.rest(`workflows/${id}/activate`, { versionId });
			const polls = () => bot.called('getUpdates').length;
			await until(() => bot.waiting === 1, 20_000);
			const first = polls();
			await sleep(1_500);
			// A second poll, anywhere, would have ended this one.
			expect([polls(), bot.called('getMe').length]).toEqual([first, 1]);
			const ann = { id: 5_000_000_001, is_bot: false, first_name: 'Ann' };
			const chat = { id: ann.id, type: 'private' };
			bot.tell({ message: { message_id: 1, date: 1_700_000_000, from: ann, chat, text: '/last 5' } });
			const execution = (await main.executions(id, 1))[0]!;
			expect([execution.status, ofWorker(execution)]).toEqual(['success', true]);
			expect(bot.called('sendMessage')).toMatchObject([{ chat_id: ann.id, text: '/last 5' }]);
			expect(await storedOf(execution)).not.toContain(botToken);
			await until(() => bot.waiting === 1, 10_000);
			await main.deactivate(id);
			await until(() => bot.waiting === 0, 10_000);
			await sleep(500);
			const last = polls();
			await sleep(1_500);
			expect([polls(), bot.waiting]).toEqual([last, 0]);
			expect(await main.executions(id, 1)).toHaveLength(1);
		} finally {
			await bot.down();
		}
	}, 90_000);
});
