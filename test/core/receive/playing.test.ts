import { eventTypes, isEventType } from '../../../src/core/message/event';
import { read } from '../../../src/core/base/field';
import { play, samplesOf } from '../../../src/core/receive/playing';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import { senders } from '../../../src/services/senders';
import type { Sender } from '../../../src/core/define/sender';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';

const account = {
	key: 'k3y-secret-0',
	hmacSecret: 'signing-secret',
	serverUrl: 'http://192.168.1.2:8096',
	serverKey: 'x',
};
const all: readonly Sender[] = senders;
const samples = all.flatMap(({ id, samples }) =>
	Object.entries(samples).map(([type, body]) => [`${id}/${type}`, id, type, body] as const),
);
const subjectOf = (type: string) => type.split('.', 1)[0]!;

test.each(all.map((sender) => [sender.id, sender] as const))(
	'%s: something can be played of each subject that it tells of',
	(_id, { tells = ['message'], samples }) => {
		const told = new Set(Object.keys(samples).map(subjectOf));
		expect([...new Set(tells.map(subjectOf))].filter((subject) => !told.has(subject))).toEqual([]);
	},
);

test('each is offered, under its sender’s name and the event’s, in both languages', () => {
	const offered = samplesOf(webhookTrigger);
	expect(offered.map(({ value }) => value).sort()).toEqual(samples.map(([value]) => value).sort());
	for (const { value, by, of } of offered) {
		const [id, type] = value.split('/') as [string, keyof typeof eventTypes];
		const { name, zh } = all.find((sender) => sender.id === id)!;
		expect([by, of]).toEqual([
			{ en: name, zh },
			{ en: eventTypes[type][0], zh: eventTypes[type][1] },
		]);
	}
});

describe.each(samples)('%s', (value, id, type, body) => {
	test('comes out as what it is named for, with its own poster', () => {
		expect(isEventType(type)).toBe(true);
		const came = play(webhookTrigger, value, { account, options: {} });
		expect(came).toHaveLength(1);
		const { event, message } = came[0]!;
		expect(event).toMatchObject({ source: id, type });
		expect(message).toMatchObject({ body: expect.stringMatching(/\S/) });
		// Nobody is asked for anything.
		expect(came[0]).not.toHaveProperty('late');
		expect(came[0]).not.toHaveProperty('settle');
		const { item } = event as { item?: { poster?: unknown } };
		const pictures = [message!.image, item && item.poster].filter((one) => one !== undefined);
		if (item) expect(pictures).toHaveLength(2);
		for (const picture of pictures)
			expect(picture).toMatchObject({ mime: 'image/png', data: expect.any(Uint8Array) });
	});

	test('is recognised for its sender’s, and is read as its request is', async () => {
		const head = { method: 'POST', path: `/carillon/${id}`, query: {}, headers: {}, body: new Uint8Array() };
		const { recognise } = all.find((sender) => sender.id === id)!;
		expect(recognise(body, head)).toBeGreaterThan(0);
		const reception = receptionist(webhookTrigger, {
			account: { access: 'open' },
			options: {},
			store: memoryStore(),
		});
		const { happenings } = reception.receive({
			...head,
			headers: { 'content-type': 'application/json' },
			body: Buffer.from(JSON.stringify(body)),
		});
		const [real] = await happenings;
		reception.close();
		const [played] = play(webhookTrigger, value, { account: {}, options: {} });
		expect(real!.event).toMatchObject({ source: id, type });
		expect(real!.message!.title).toBe(played!.message!.title);
	});

	test('has no secret, no real address and no more than it needs', () => {
		const written = JSON.stringify(body);
		expect(Buffer.byteLength(written)).toBeLessThan(1_500);
		for (const [address] of written.matchAll(/https?:\/\/[^/"]+/g))
			expect(address).toMatch(/\.example\.com$|wiki\.servarr\.com$/);
		for (const [address] of written.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g))
			expect(address).toMatch(/^192\.0\.2\.|^\d+\.\d+\.\d+\.0$/);
	});
});

test('it is told where nothing comes of it', () => {
	const told = (run: () => unknown) => {
		try {
			return run();
		} catch (error) {
			return error;
		}
	};
	const left = { account, options: { events: ['library.added'] } };
	expect(told(() => play(webhookTrigger, 'plex/playback.started', left))).toMatchObject({
		class: 'Invalid',
		field: 'playSample',
		text: { en: expect.stringMatching(/leaves it out\.$/), zh: expect.stringMatching(/。$/) },
	});
	expect(told(() => play(webhookTrigger, 'nobody/x', { account, options: {} }))).toMatchObject({ class: 'Invalid' });
});

test('it comes as often as it is played, in the account’s language, whoever the sender chosen is', () => {
	const zh = { account: { ...account, language: 'zh' }, options: { sender: 'emby' } };
	const first = play(webhookTrigger, 'sonarr/download.imported', zh);
	const again = play(webhookTrigger, 'sonarr/download.imported', zh);
	expect(again).toHaveLength(first.length);
	expect(first[0]?.event).toMatchObject({ source: 'sonarr' });
	expect(JSON.stringify(first[0]?.message)).toMatch(/\p{Script=Han}/u);
});

test('its options are read as any request’s are', () => {
	const options = { titleTemplate: '{{ item.title }}!' };
	expect(read(webhookTrigger.options, options)).toMatchObject(options);
	const [came] = play(webhookTrigger, 'radarr/download.imported', { account, options });
	expect(came?.message?.title).toBe('Metropolis!');
});
