import { definitions } from '../../../scripts/definitions';
import type { Channel } from '../../../src/core/define/channel';
import { ask } from '../../../src/core/deliver/asking';
import { forgetTurns } from '../../../src/core/deliver/send/pace';
import { forgetTokens } from '../../../src/core/deliver/send/token';
import { closeConnections } from '../../../src/core/http/http';
import { accepted, told } from '../../accepting';
import { frozenClock } from '../../refused';
import { placeOf, sampleOf } from '../../sample';
import { service, type Service } from '../../service';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' && (definition as Channel).transport === 'http'
		? [{ id, channel: definition as Channel }]
		: [],
);

let server: Service;
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const linkOf = (answer: boolean) =>
	`https://n8n.example.com/webhook-waiting/1234/0a1b2c3d-0000-4000-8000-00000000000f?question=x_Y-z012&approved=${answer}&signature=${'0123456789abcdef'.repeat(4)}`;
const buttons = [
	{ text: 'Approve', url: linkOf(true), style: 'primary' as const },
	{ text: 'Decline', url: linkOf(false), style: 'danger' as const },
];

/** Whatever the service's tongue writes an address as. */
const plainly = (text: string) =>
	[text, text.replace(/=\r?\n/g, '').replaceAll('=3D', '=')]
		.join('\n')
		.replace(/\\u0026/g, '&')
		.replace(/&(?:amp|#38);/g, '&')
		.replace(/\\([_.=&?-])/g, '$1');

const bodies = {
	'a word': { body: 'Update?' },
	'a long text': { body: 'Word by word. '.repeat(3_000) },
	'a long text of a program': { body: 'line of a log\n'.repeat(1_500), format: 'text' as const },
	'long code': { body: `\`\`\`\n${'code '.repeat(3_000)}\n\`\`\`` },
	'a long Chinese text': { body: '是否更新？'.repeat(2_000) },
	'long HTML': { body: `<p>${'<b>bold</b> word '.repeat(1_000)}</p>`, format: 'html' as const },
	'a long title': { title: 'Title '.repeat(500), body: 'Text' },
};

test.each(channels)(
	'$id brings both links of a question, however long its text is',
	async ({ id, channel }) => {
		server = await service((seen) => accepted(id, server.url, seen));
		const place = placeOf(channel, '127.0.0.1', Number(new URL(server.url).port));
		const { account, options } = await sampleOf(channel, place);
		const lost: unknown[] = [];
		for (const [name, message] of Object.entries(bodies)) {
			for (const overflow of name === 'a long text' ? ['split', 'cut'] : ['cut']) {
				forgetTokens();
				forgetTurns();
				server.requests.length = 0;
				const given = { ...options, attempts: 1, overflow };
				const receipt = await ask(channel, account, given, { ...message, buttons }, { clock: frozenClock() });
				const all = plainly(server.requests.map(told).join('\n'));
				for (const { url } of buttons)
					if (!all.includes(url) && !decoded(all).includes(url)) lost.push([name, overflow, url.slice(60)]);
				const isCut = receipt.losses.some(({ kind }) => kind === 'cut');
				if (isCut) lost.push([name, overflow, 'cut']);
			}
		}
		expect(lost).toEqual([]);
	},
	60_000,
);

function decoded(text: string): string {
	return text.replace(/%[0-9A-F]{2}/gi, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
}

test('the receipt says that a question was cut, and the whole of one is sent as it is', async () => {
	const { channel } = channels.find(({ id }) => id === 'bark')!;
	server = await service((seen) => accepted('bark', server.url, seen));
	const account = { baseUrl: server.url, deviceKeys: 'k'.repeat(20), language: 'zh' };
	const short = await ask(channel, account, {}, { body: 'Update?', buttons });
	expect(short.warnings.join()).not.toMatch(/截短/);
	const long = await ask(channel, account, { overflow: 'cut' }, { body: 'word '.repeat(5_000), buttons });
	expect(long.warnings.join()).toMatch(/问题超出渠道的长度/);
});

test('a question without a text, whose links have no room, is not asked', async () => {
	const { channel } = channels.find(({ id }) => id === 'bark')!;
	server = await service((seen) => accepted('bark', server.url, seen));
	const account = { baseUrl: server.url, deviceKeys: 'k'.repeat(20) };
	const tooLong = buttons.map((button) => ({ ...button, url: `${button.url}&x=${'x'.repeat(9_000)}` }));
	await expect(
		ask(channel, account, { overflow: 'cut' }, { body: 'Update?', buttons: tooLong }),
	).rejects.toMatchObject({
		class: 'Invalid',
		field: 'message',
	});
	expect(server.requests).toEqual([]);
});
