import type { IDataObject } from 'n8n-workflow';
import { service, type Answer, type Seen, type Service } from '../../service';
import { startN8n, type N8n, type WorkflowNode } from './n8n';

const carillon = '@carillon/n8n-nodes-carillon';
const key = 'S3cretDeviceKey0';
const botToken = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 1, 2, 3, 4]);

let n8n: N8n;
let receiver: Service;
let answer: (request: Seen) => Answer | Promise<Answer>;
let bark: { id: string; name: string };
let telegram: { id: string; name: string };
let gate: { id: string; name: string };

const accepts = ({ path }: Seen): Answer =>
	path.startsWith('/bot')
		? { body: { ok: true, result: { message_id: 1, chat: { id: 42 } } } }
		: { body: { code: 200, message: 'success', timestamp: 1 } };

beforeAll(async () => {
	receiver = await service((request) => answer(request));
	n8n = await startN8n();
	bark = await n8n.createCredential('carillonBarkApi', { baseUrl: receiver.url, deviceKeys: key });
	telegram = await n8n.createCredential('carillonTelegramApi', { baseUrl: receiver.url, botToken, to: '42' });
	gate = await n8n.createCredential('carillonWebhookTriggerApi', { key: 'open-sesame' });
}, 300_000);
afterAll(async () => {
	await n8n?.close();
	await receiver?.close();
});
beforeEach(() => {
	answer = accepts;
	receiver.requests.length = 0;
});

const trigger = (path: string, more: object = {}): WorkflowNode => ({
	name: 'Webhook Trigger',
	type: `${carillon}.webhookTrigger`,
	parameters: { path },
	credentials: { carillonWebhookTriggerApi: gate },
	...more,
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
	const id = await n8n.createWorkflow(path, [trigger(path), ...nodes]);
	await n8n.activate(id, path);
	return id;
}

const call = (path: string, init: RequestInit, query = '?apiKey=open-sesame') =>
	fetch(`${n8n.url}/webhook/${path}${query}`, { method: 'POST', ...init });

const json = (body: string, contentType = 'application/json'): RequestInit => ({
	headers: { 'content-type': contentType },
	body,
});

const emby = {
	Title: 'Alice has started playing Heat on TV',
	Date: '2026-01-02T03:04:05.0000000Z',
	Event: 'playback.start',
	User: { Name: 'Alice', Id: 'u1' },
	Item: {
		Name: 'Heat',
		Id: '11',
		Type: 'Movie',
		ProductionYear: 1995,
		RunTimeTicks: 102_000_000_000,
		ProviderIds: { Imdb: 'tt0113277' },
	},
	Server: { Name: 'Living room', Id: 's1', Version: '4.9.0' },
	Session: { Client: 'TV', DeviceName: 'TV', Id: 'x' },
	PlaybackInfo: { PositionTicks: 0, PlaylistIndex: 0, PlaylistLength: 1 },
};

const outputOf = (
	data: { resultData: { runData: Record<string, { data?: { main: unknown[][] | unknown } }[]> } },
	node: string,
) =>
	(
		data.resultData.runData[node]?.[0]?.data?.main as { json: IDataObject; binary?: IDataObject }[][] | undefined
	)?.[0] ?? [];

test('an Emby event rings, unconfigured, on two channels in a row', async () => {
	const id = await activeWorkflow('api/v1/webhook/emby', barkNode(), telegramNode());
	const reply = await call('api/v1/webhook/emby', json(JSON.stringify(emby)));
	expect([reply.status, await reply.text()]).toEqual([200, '{"ok":true}']);
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.status).toBe('success');
	expect(receiver.requests.map(({ path }) => path)).toEqual(['/push', `/bot${botToken}/sendMessage`]);
	expect(receiver.requests[0]?.json).toMatchObject({ title: expect.stringContaining('Heat') });
	const [item] = outputOf(execution!.data as never, 'Telegram');
	expect(item?.json).toMatchObject({
		event: { source: 'emby', type: 'playback.started', item: { title: 'Heat' } },
		receipt: { ok: true, channel: 'telegram' },
	});
	expect(execution?.stored).not.toContain(key);
	expect(execution?.stored).not.toContain(botToken);
	expect(execution?.stored).not.toContain('open-sesame');
});

test('Plex’s multipart body brings its poster, which goes out as a picture', async () => {
	const id = await activeWorkflow('plex', telegramNode());
	const payload = {
		event: 'library.new',
		user: false,
		owner: true,
		Account: { id: 1, title: 'alice' },
		Server: { title: 'nas', uuid: 'abc' },
		Metadata: {
			librarySectionType: 'movie',
			ratingKey: '7',
			type: 'movie',
			title: 'Dune',
			year: 2021,
			summary: 'Sand.',
			librarySectionTitle: 'Films',
			Guid: [{ id: 'imdb://tt1160419' }],
		},
	};
	const form = new FormData();
	form.append('payload', JSON.stringify(payload));
	form.append('thumb', new Blob([jpeg], { type: 'image/jpeg' }), 'thumb.jpg');
	expect((await call('plex', { body: form })).status).toBe(200);
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.status).toBe('success');
	const [item] = outputOf(execution!.data as never, 'Webhook Trigger');
	expect(item?.json).toMatchObject({
		event: { source: 'plex', item: { title: 'Dune', poster: { binary: 'poster' } } },
		message: { image: { binary: 'poster' } },
	});
	expect(item?.binary).toMatchObject({ poster: { mimeType: 'image/jpeg' } });
	expect(receiver.requests.map(({ path }) => path)).toEqual([`/bot${botToken}/sendPhoto`]);
	expect(receiver.requests[0]?.body.includes(jpeg)).toBe(true);
});

test('the invalid JSON of Jellyfin’s templates is read', async () => {
	const id = await activeWorkflow('jellyfin', barkNode());
	const body =
		'{"NotificationType":"ItemAdded","ServerName":"nas","ServerId":"s","Name":"The "Big" Sleep","ItemType":"Movie","ItemId":"5","Year":1946,"Overview":"A detective\nin the rain.",}';
	expect(() => JSON.parse(body)).toThrow();
	const reply = await call('jellyfin', json(body));
	expect([reply.status, await reply.text()]).toEqual([200, '{"ok":true}']);
	const [execution] = await n8n.executions(id, 1);
	expect(outputOf(execution!.data as never, 'Webhook Trigger')[0]?.json).toMatchObject({
		event: { source: 'jellyfin', type: 'library.added', item: { year: 1946 } },
	});
	expect(receiver.requests).toHaveLength(1);
});

test('who may not send, or sends what nobody reads, is told why; nothing runs', async () => {
	const id = await activeWorkflow('guarded', barkNode());
	const body = json(JSON.stringify(emby));
	for (const [reply, status, reason] of [
		[await call('guarded', body, ''), 401, /key is missing or wrong/],
		[await call('guarded', body, '?apiKey=wrong'), 401, /key is missing or wrong/],
		[await call('guarded', json('{"nothing":"known"')), 400, /./],
		[await call('guarded', json('')), 400, /empty/],
		[await call('guarded', json(`{"a":"${'x'.repeat(11 * 1024 * 1024)}"}`)), 413, /larger than/],
		[await call('guarded', { method: 'GET' }), 405, /GET/],
	] as const) {
		const text = await reply.text();
		expect([reply.status, text]).toEqual([status, expect.stringMatching(reason)]);
		expect(JSON.parse(text)).toMatchObject({ ok: false, error: expect.any(String) });
		expect(text).not.toContain('open-sesame');
	}
	await call('guarded', body);
	expect(await n8n.executions(id, 1)).toHaveLength(1);
	// The same event once more is the same happening.
	expect((await call('guarded', body)).status).toBe(200);
	await new Promise((done) => setTimeout(done, 500));
	expect(await n8n.executions(id, 1)).toHaveLength(1);
});

test('what fails says so in our words, and the stored execution holds no secret', async () => {
	answer = () => ({ status: 401, body: { ok: false, error_code: 401, description: `Unauthorized ${botToken}` } });
	const stop = { whenItCannotBeSent: 'stop' };
	const id = await activeWorkflow('failing', telegramNode({ parameters: stop }));
	expect((await call('failing', json(JSON.stringify(emby)))).status).toBe(200);
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.status).toBe('error');
	expect(execution?.data.resultData.error).toMatchObject({
		message: expect.stringMatching(/^[A-Z].*\.$/),
		description: expect.stringMatching(/^Unauthorized/),
	});
	expect(execution?.stored).not.toContain(botToken);
	expect(execution?.stored).not.toContain(botToken.split(':')[1]);
	expect(n8n.log()).not.toContain(botToken.split(':')[1]);
});

test('continue on fail: the flow goes on with the error, to the error output where there is one', async () => {
	answer = () => ({ status: 400, body: { code: 400, message: 'failed to get device token' } });
	const id = await activeWorkflow(
		'continuing',
		barkNode({ onError: 'continueRegularOutput' }),
		barkNode({ name: 'Second', onError: 'continueErrorOutput' }),
	);
	await call('continuing', json(JSON.stringify(emby)));
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.status).toBe('success');
	expect(outputOf(execution!.data as never, 'Bark')[0]?.json).toMatchObject({
		event: { source: 'emby' },
		error: { class: expect.any(String), message: expect.stringMatching(/\.$/), channel: 'bark' },
	});
	const second = execution?.data.resultData.runData.Second?.[0]?.data?.main;
	expect([second?.[0]?.length, second?.[1]?.[0]?.json]).toEqual([
		0,
		expect.objectContaining({ event: expect.anything(), error: expect.objectContaining({ channel: 'bark' }) }),
	]);
});

test('a credential is tested without anything being sent', async () => {
	const data = { baseUrl: receiver.url, botToken };
	expect(await n8n.testCredential('carillonTelegramApi', data)).toMatchObject({ status: 'OK' });
	expect(receiver.requests.map(({ path }) => path)).toEqual([`/bot${botToken}/getMe`]);
	answer = () => ({ status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } });
	const refused = await n8n.testCredential('carillonTelegramApi', data);
	expect(refused).toMatchObject({ status: 'Error', message: expect.stringMatching(/^[A-Z].*\.$/) });
});

test('an AI agent has every channel as a tool', async () => {
	const types = (await (
		await fetch(`${n8n.url}/types/nodes.json`, { headers: { cookie: n8n.cookie() } })
	).json()) as { name: string; outputs: string[] }[];
	expect(types.find(({ name }) => name === `${carillon}.barkTool`)?.outputs).toEqual(['ai_tool']);
});

test('a deactivated workflow takes nothing any more', async () => {
	const id = await activeWorkflow('gone', barkNode());
	await n8n.deactivate(id);
	// n8n says so some time before it is so.
	const deadline = Date.now() + 10_000;
	let status: number;
	do ({ status } = await call('gone', json('{}')));
	while (status !== 404 && Date.now() < deadline);
	expect(status).toBe(404);
	expect(receiver.requests).toEqual([]);
});
