import { play } from '../../../src/core/receive/playing';
import { senders } from '../../../src/services/senders';
import type { Sender } from '../../../src/core/define/sender';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';

const account = {
	key: 'k3y-secret-0',
	hmacSecret: 'signing-secret',
	serverUrl: 'http://192.168.1.2:8096',
	serverKey: 'x',
};
const samples = Object.keys(webhookTrigger.samples!);

test('the usual media servers and tools are among the samples', () => {
	expect(samples).toEqual(expect.arrayContaining(['emby', 'jellyfin', 'plex', 'sonarr', 'radarr', 'overseerr']));
});

test.each(samples)('%s: its sample gives an event and a message, and is recognised for its own', async (id) => {
	const [happening, ...more] = await play(webhookTrigger, id, { account, options: {} });
	expect(more).toEqual([]);
	expect(happening).toMatchObject({
		event: { source: id, type: expect.stringMatching(/^[a-z]+\.[a-z]+$/) },
		message: { body: expect.stringMatching(/\S/) },
	});
	const { sample, recognise } = (senders as readonly Sender[]).find((sender) => sender.id === id)!;
	const head = { method: 'POST', path: '/x', query: {}, headers: {}, body: new Uint8Array() };
	expect(recognise(sample, head)).toBeGreaterThan(0.5);
});

test('it is told where nothing comes of it', async () => {
	const nothing = play(webhookTrigger, 'plex', { account, options: { events: ['library.added'] } });
	await expect(nothing).rejects.toMatchObject({ class: 'Invalid', field: 'playSample' });
	await expect(play(webhookTrigger, 'nobody', { account, options: {} })).rejects.toMatchObject({ class: 'Invalid' });
});

test('it comes as often as it is played, in the account’s language', async () => {
	const options = { sender: 'emby' };
	const zh = { ...account, language: 'zh' };
	const first = await play(webhookTrigger, 'sonarr', { account: zh, options });
	const again = await play(webhookTrigger, 'sonarr', { account: zh, options });
	expect(again).toHaveLength(first.length);
	expect(JSON.stringify(first[0]?.message)).toMatch(/\p{Script=Han}/u);
});
