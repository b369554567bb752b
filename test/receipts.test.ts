import { definitions } from '../scripts/definitions';
import type { Channel } from '../src/core/define/channel';
import { deliver, type Receipt } from '../src/core/deliver/deliver';
import { isChannelError } from '../src/core/base/errors';
import { closeConnections } from '../src/core/http/http';
import { forgetTurns } from '../src/core/deliver/pace';
import { forgetTokens } from '../src/core/deliver/token';
import { frozenClock } from './refused';
import { placeOf, sampleOf } from './sample';
import { service, type Answer, type Seen } from './service';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

/** What each mark in the message below is called in a receipt where it did not get across. */
const losses: Readonly<Record<string, readonly string[]>> = {
	TTITLE: ['title', 'text'],
	BBODY: ['text'],
	UURL: ['url'],
	IIMAGE: ['image'],
	FNAME: ['fields'],
	FVALUE: ['fields'],
	LBUTTON: ['buttons'],
	LADDRESS: ['buttons'],
	VBUTTON: ['buttons'],
	VVALUE: ['buttons'],
	ATTACHED: ['attachments'],
	MENTIONED: ['mentions'],
};

const message = {
	title: 'TTITLE',
	body: 'BBODY **bold**',
	level: 'failure',
	url: 'https://example.com/UURL',
	image: { name: 'poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nIIMAGE', 'latin1') },
	fields: [{ name: 'FNAME', value: 'FVALUE' }],
	buttons: [
		{ text: 'LBUTTON', url: 'https://example.com/LADDRESS' },
		{ text: 'VBUTTON', value: 'VVALUE' },
	],
	attachments: [{ name: 'notes.txt', mime: 'text/plain', data: Buffer.from('ATTACHED') }],
	mentions: ['MENTIONED', '@all'],
};

/** Numbers that some services have for yes; 0 is that of the others. */
const yes: Readonly<Record<string, number>> = { bark: 200, wxpusher: 1000, mediaSaber: 20_000, sre24: 202 };

/** Yes in the tongue of every service. */
function answer(id: string, url: string, { path }: Seen): Answer {
	if (id === 'slackWebhook') return { body: 'ok' };
	if (id === 'vocechat')
		return { body: path.endsWith('/prepare') ? '"f1"' : path.endsWith('/upload') ? { path: 'p' } : '47' };
	const code = yes[id] ?? 0;
	return {
		body: {
			ok: true,
			success: true,
			errcode: 0,
			retcode: 0,
			code,
			status: 'ok',
			message: 'SUCCESS',
			access_token: 't',
			tenant_access_token: 't',
			expires_in: 7200,
			expire: 7200,
			media_id: 'm',
			url: 'https://example.com/stored',
			upload_url: `${url}/upload`,
			file_id: 'f',
			files: [{ id: 'f' }],
			ts: '1.2',
			id: 'i',
			data: id === 'wxpusher' ? [{ code, messageId: 1 }] : { message_id: 'm', image_key: 'k', file_key: 'k' },
			result: { message_id: 7, chat: { id: 1 } },
		},
	};
}

/** All that went out, in whatever way it was written. */
function told({ path, query, form, body }: Seen): string {
	const words = [path, ...Object.values(query), ...Object.values(form), body.toString('latin1'), body.toString()];
	const base64 = words.flatMap((each) => each.replaceAll('base64://', '').match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? []);
	return [...words, ...base64.map((each) => Buffer.from(each, 'base64').toString('latin1'))].join('\n');
}

/** Of each choice that makes another message of it: every value. */
const forms = ({ options }: Channel): Record<string, string>[] => [
	{},
	...Object.entries(options)
		.filter(([key, { kind }]) => kind === 'choice' && /^(kind|content|contentType|format|bodyType)$/.test(key))
		.flatMap(([key, { options: values }]) => Object.keys(values ?? {}).map((value) => ({ [key]: value }))),
];

describe.each(channels)('$id', ({ id, channel }) => {
	test('names in its receipt whatever did not get across', async () => {
		let sampling = true;
		const server = await service((seen) => (sampling ? { status: 500 } : answer(id, server.url, seen)));
		try {
			const { port } = new URL(server.url);
			const { account, options } = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(port)));
			sampling = false;
			let sent = 0;
			for (const form of forms(channel)) {
				forgetTokens();
				forgetTurns();
				server.requests.length = 0;
				const receipt = await deliver(channel, account, { ...options, ...form, attempts: 1 }, message, {
					clock: frozenClock(),
				}).catch((error: unknown) => {
					// Some forms want what this message has not.
					if (isChannelError(error) && error.class === 'Invalid') return undefined;
					throw error;
				});
				if (!receipt) continue;
				sent++;
				expect([form, silent(receipt, server.requests)]).toEqual([form, []]);
			}
			expect(sent).toBeGreaterThan(0);
		} finally {
			await closeConnections();
			await server.close();
		}
	});
});

function silent({ degraded }: Receipt, requests: readonly Seen[]): string[] {
	const all = requests.map(told).join('\n');
	return Object.entries(losses).flatMap(([mark, names]) =>
		all.includes(mark) || names.some((name) => degraded.includes(name)) ? [] : [mark],
	);
}
