import { createHmac } from 'node:crypto';
import { encrypt, signatureOf } from '../../../src/services/wecom/crypto';
import { BotApi, botToken } from '../../services/telegram/botApi';
import { until } from '../../core/sockets/connected';
import { appToken, botToken as slackToken, SocketMode } from '../../services/slack/socketMode';
import { startN8n, type N8n, type WorkflowNode } from './n8n';

const carillon = '@carillon/n8n-nodes-carillon';
const ann = { id: 5_000_000_001, is_bot: false, first_name: 'Ann' };
const said = (text: string, message_id: number) => ({
	message: { message_id, date: 1_700_000_000, from: ann, chat: { id: ann.id, type: 'private' }, text },
});

let n8n: N8n;
let bot: BotApi;
let slack: SocketMode;
beforeAll(async () => {
	bot = await new BotApi().up();
	slack = await new SocketMode().up();
	n8n = await startN8n();
}, 300_000);
afterAll(async () => {
	await n8n?.close();
	await Promise.all([bot?.down(), slack?.down()]);
}, 30_000);

/** Active without a path to wait for. */
async function activate(id: string): Promise<void> {
	const { versionId } = await n8n.rest<{ versionId: string }>(`workflows/${id}`);
	await n8n.rest(`workflows/${id}/activate`, { versionId });
}

const end: WorkflowNode = { name: 'End', type: 'n8n-nodes-base.noOp' };

test('Telegram: what is said runs the flow and is answered in place; a test run takes nothing away from it', async () => {
	const telegram = await n8n.createCredential('carillonTelegramApi', { baseUrl: bot.url, botToken });
	const trigger = {
		name: 'Telegram Trigger',
		type: `${carillon}.telegramTrigger`,
		credentials: { carillonTelegramApi: telegram },
	};
	const reply = {
		name: 'Telegram',
		type: `${carillon}.telegram`,
		credentials: { carillonTelegramApi: telegram },
		parameters: { options: { allowTo: true } },
	};
	const id = await n8n.createWorkflow('production', [trigger, reply]);
	await activate(id);
	await until(() => bot.waiting === 1, 20_000);
	bot.tell(said('/last 5', 1));
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.status).toBe('success');
	expect(bot.called('sendMessage')).toMatchObject([{ chat_id: ann.id, text: '/last 5' }]);
	expect(execution?.stored).toContain('"command"');
	expect(execution?.stored).not.toContain(botToken);

	const draft = await n8n.createWorkflow('draft', [trigger, end]);
	const workflowData = await n8n.rest<object>(`workflows/${draft}`);
	const started = await n8n.rest(`workflows/${draft}/run`, {
		workflowData,
		triggerToStartFrom: { name: trigger.name },
	});
	expect(started).toHaveProperty('executionId');
	// When the draft has begun to listen, n8n does not say.
	let told = 1;
	const telling = setInterval(() => bot.tell(said('to both', ++told)), 500);
	const [test] = await n8n.executions(draft, 1).finally(() => clearInterval(telling));
	await n8n.executions(id, told);
	expect(test?.stored).toContain('to both');
	expect(bot.mostWaiting).toBe(1);
	await n8n.deactivate(id);
	await until(() => bot.waiting === 0, 10_000);
}, 120_000);

test('Telegram by webhook: no poll, and the secret is asked for', async () => {
	const own = await n8n.createCredential(
		'carillonTelegramApi',
		{ baseUrl: bot.url, botToken, webhookSecret: 'a-secret_of_the_webhook' },
		'own',
	);
	const polls = bot.called('getUpdates').length;
	const id = await n8n.createWorkflow('hook', [
		{
			name: 'Telegram Trigger',
			type: `${carillon}.telegramTrigger`,
			credentials: { carillonTelegramApi: own },
			parameters: { mode: 'webhook', path: 'tg' },
		},
		end,
	]);
	await n8n.activate(id, 'tg');
	const ring = (secret: string) =>
		fetch(`${n8n.url}/webhook/tg`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
			body: JSON.stringify({ update_id: 1, ...said('hi', 3) }),
		});
	expect((await ring('guessed')).status).toBe(401);
	expect((await ring('a-secret_of_the_webhook')).status).toBe(200);
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.status).toBe('success');
	expect(bot.called('getUpdates')).toHaveLength(polls);
}, 60_000);

test('Slack: Socket Mode in an active workflow', async () => {
	const account = await n8n.createCredential('carillonSlackApi', {
		baseUrl: slack.url,
		botToken: slackToken,
		appToken,
	});
	const id = await n8n.createWorkflow('slack', [
		{ name: 'Slack Trigger', type: `${carillon}.slackTrigger`, credentials: { carillonSlackApi: account } },
		end,
	]);
	await activate(id);
	await until(() => slack.open.length === 1, 20_000);
	slack.send('slash_commands', { command: '/last', text: '', user_id: 'U1', channel_id: 'C1', trigger_id: '1' });
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.status).toBe('success');
	expect(slack.acks[0]!.ms).toBeLessThan(3_000);
	await n8n.deactivate(id);
	await until(() => slack.open.length === 0, 10_000);
}, 60_000);

test('Slack by HTTP: the signature is of the raw body', async () => {
	const signingSecret = 'a-signing-secret';
	const account = await n8n.createCredential(
		'carillonSlackApi',
		{ baseUrl: slack.url, botToken: slackToken, signingSecret },
		'signed',
	);
	const id = await n8n.createWorkflow('signed', [
		{
			name: 'Slack Trigger',
			type: `${carillon}.slackTrigger`,
			credentials: { carillonSlackApi: account },
			parameters: { mode: 'http', path: 'slack' },
		},
		end,
	]);
	await n8n.activate(id, 'slack');
	const ring = (body: string, type: string) => {
		const time = String(Math.floor(Date.now() / 1000));
		const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${time}:${body}`).digest('hex')}`;
		return fetch(`${n8n.url}/webhook/slack`, {
			method: 'POST',
			headers: { 'content-type': type, 'x-slack-signature': signature, 'x-slack-request-timestamp': time },
			body,
		});
	};
	const proof = await ring('{ "type": "url_verification",  "challenge": "abc" }', 'application/json');
	expect([proof.status, await proof.text()]).toEqual([200, 'abc']);
	const command = await ring(
		'command=%2Flast&text=&user_id=U1&channel_id=C1&trigger_id=2',
		'application/x-www-form-urlencoded',
	);
	expect([command.status, await command.text()]).toEqual([200, '']);
	await n8n.executions(id, 1);
}, 60_000);

test('WeCom: the address is proved, and a message is decrypted', async () => {
	const [callbackToken, encodingAesKey, corpId] = [
		'QDG6eK',
		'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
		'wx5823bf96d3bd56c7',
	];
	const account = await n8n.createCredential('carillonWecomAppApi', {
		corpId,
		corpSecret: 'secret-of-the-app',
		agentId: 1,
		callbackToken,
		encodingAesKey,
	});
	const id = await n8n.createWorkflow('wecom', [
		{
			name: 'WeCom',
			type: `${carillon}.wecomAppTrigger`,
			credentials: { carillonWecomAppApi: account },
			parameters: { path: 'wecom', settings: { answers: 'help = hello' } },
		},
		end,
	]);
	await n8n.activate(id, 'wecom');
	const address = (encrypted: string, more: object = {}) => {
		const timestamp = String(Math.floor(Date.now() / 1000));
		return `${n8n.url}/webhook/wecom?${new URLSearchParams({ msg_signature: signatureOf(callbackToken, timestamp, 'n', encrypted), timestamp, nonce: 'n', ...more })}`;
	};
	const echostr = encrypt(encodingAesKey, '1616140317555161061', corpId);
	const proof = await fetch(address(echostr, { echostr }));
	expect([proof.status, await proof.text()]).toEqual([200, '1616140317555161061']);
	const inner =
		'<xml><FromUserName>ann</FromUserName><CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>/help</Content><MsgId>1</MsgId></xml>';
	const encrypted = encrypt(encodingAesKey, inner, corpId);
	const answer = await fetch(address(encrypted), {
		method: 'POST',
		headers: { 'content-type': 'text/xml' },
		body: `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
	});
	expect(await answer.text()).toContain('<MsgSignature>');
	const [execution] = await n8n.executions(id, 1);
	expect(execution?.stored).toContain('"help"');
}, 60_000);
