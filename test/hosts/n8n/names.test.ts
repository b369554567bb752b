import { accountName, codex, credentialType, displayName } from '../../../src/hosts/n8n/names';
import taken from './taken.json';

test('names that n8n has get the brand, others stay', () => {
	for (const name of ['Telegram', 'Telegram Trigger', 'Webhook', 'Google Chat', 'Microsoft Teams']) {
		expect(displayName({ name })).toBe(`${name} (Carillon)`);
	}
	for (const name of ['Bark', 'DingTalk', 'Webhook Trigger']) expect(displayName({ name })).toBe(name);
	const own = new Set(taken.nodes);
	const messaging = [...own].filter((name) =>
		/^(Discord|Slack|Telegram|Google Chat|Gotify|Pushover|Matrix|Line|Twilio|Zulip|Mattermost)$/.test(name),
	);
	expect(messaging).toHaveLength(11);
	for (const name of messaging) expect(own).not.toContain(displayName({ name }));
});

test('an account bears the brand, within the brackets that its name has already', () => {
	expect(accountName({ name: 'Bark' })).toBe('Bark (Carillon) API');
	expect(accountName({ name: 'Email (SMTP)' })).toBe('Email (SMTP, Carillon) API');
});

test('a credential’s type is prefixed, since n8n’s are global', () => {
	expect(credentialType('wecomRobot')).toBe('carillonWecomRobotApi');
});

test('a node is found by its Chinese name and aliases', () => {
	const { alias } = codex({
		id: 'x',
		name: 'DingTalk',
		zh: '钉钉机器人',
		type: 'channel' as const,
		aliases: ['钉钉'],
	})!;
	expect(alias).toEqual(expect.arrayContaining(['钉钉', '钉钉机器人', 'Carillon']));
	// By what people look for who know no name.
	expect(alias).toEqual(expect.arrayContaining(['Notify', 'Notification', '通知', 'Push', '推送', 'Message']));
	expect(new Set(alias).size).toBe(alias?.length);
});
