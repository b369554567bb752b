import { deliver } from '../../src/core/deliver/deliver';
import { isChannelError } from '../../src/core/base/errors';
import type { Message } from '../../src/core/message/message';
import { accepted } from '../accepting';
import { placeOf, sampleOf } from '../sample';
import { service, type Seen, type Service } from '../service';
import { channels, forms } from './renderers';

/** Nobody is rung by what a text says, wherever in a message it stands; only `mentions` ring. */

/** How services write that somebody is meant. */
const calls = [
	...['@everyone', '@here', '@room', '@all', '@durov_x', '@channel', '<!channel>', '<!here>', '<!everyone>'],
	...['<@U0123456>', '<!subteam^S0123456>', '<@zhangsan>', '<at id=all></at>', '<at user_id="all">x</at>'],
	...['<person id="ou_1"></person>', '[CQ:at,qq=all]', '[CQ:at,qq=10001,name=x]', '@at=10001@', '@at=all@'],
	...['@13800000000', 'tg://user?id=5', '[x](tg://user?id=5)', '<a href="tg://user?id=5">x</a>', '&#64;durov_y'],
];

/** Escaped it is text, in Markdown by a backslash. */
const slack = /(?<!\\)<[!@]/;
const telegram = /(?<![\w.+/-])@[A-Za-z]\w{3}|<a href="tg:\/*user/i;
/** Where links are Markdown's. */
const telegramMarkdown = /(?<![\w.+/-])@[A-Za-z]\w{3}|\]\(<?tg:\/*user/i;
const discord = /(?<!\\)<@|@(?:everyone|here)\b/;
const feishu = /<\/?(?:at|person)\b/i;
/** What rings at a service, beside the channels whose services ring nobody by their text. */
const rings: Readonly<Record<string, RegExp>> = {
	discord,
	telegram,
	slack,
	slackWebhook: slack,
	feishuApp: feishu,
	feishuRobot: feishu,
	wecomRobot: /<@/,
	qmsg: /@at=/i,
	onebot: /\[CQ:at\b/i,
	synologyChat: /(?<![\w.+/-])@[\p{L}\p{N}_]/u,
};

/** Beyond the kinds of a channel: options that make text ring. */
const more: Readonly<Record<string, readonly object[]>> = {
	slack: [{ linkNames: true }, { linkNames: true, kind: 'text' }],
	onebot: [{ kind: 'cq' }],
	feishuRobot: [{ templateId: 'AAqk1' }],
	feishuApp: [{ templateId: 'AAqk1' }],
};

let id: string;
let server: Service;
beforeAll(async () => (server = await service((request) => accepted(id, server.url, request))));
afterAll(() => server.close());

/** Every text that a request holds, JSON within JSON read. Addresses and the robots' own keys are none. */
function textsOf(value: unknown): string[] {
	if (typeof value === 'string') {
		try {
			if (/^[[{"]/.test(value)) return textsOf(JSON.parse(value));
		} catch {
			// It is a text.
		}
		return [value];
	}
	if (typeof value !== 'object' || value === null) return [];
	// Nothing is read in what is plain.
	if ('type' in value && value.type === 'plain_text') return [];
	// OneBot's segments of text are text.
	if ('type' in value && value.type === 'text' && 'data' in value) return [];
	// Nor is anything in Telegram's buttons.
	return Object.entries(value).flatMap(([key, inner]) => (key === 'reply_markup' ? [] : textsOf(inner)));
}
const said = ({ json, form, body, headers }: Seen): string[] =>
	json !== undefined
		? textsOf(json)
		: /multipart/.test(headers['content-type'] ?? '')
			? [
					body
						.toString()
						.replace(/filename="[^"]*"/g, '')
						.replace(/name="reply_markup"[^]*?\r\n--/g, ''),
				]
			: textsOf(form);

const messages = (call: string): Message[] =>
	(['markdown', 'html', 'text'] as const).flatMap((format) => [
		{ format, body: `Look ${call} here`, title: `About ${call}` },
		{
			format,
			body: 'A text',
			fields: [{ name: `N ${call}`, value: `V ${call}` }],
			buttons: [{ text: `B ${call}`, url: 'https://e.com' }],
			attachments: [{ name: `${call} x.txt`.replace(/[\\/]/g, ''), data: Buffer.from('x') }],
		},
	]);

const found = channels.filter(({ id: name, channel }) => channel.transport === 'http' && name in rings);

test('every one of them is there', () =>
	expect(found.map(({ id: name }) => name).sort()).toEqual(
		Object.keys(rings)
			.filter((name) => channels.find((each) => each.id === name)?.channel.transport === 'http')
			.sort(),
	));

describe.each(found.map(({ id: name, channel }) => [name, channel] as const))('%s', (name, channel) => {
	let sample: Awaited<ReturnType<typeof sampleOf>>;
	beforeAll(async () => {
		id = name;
		sample = await sampleOf(channel, placeOf(channel, '127.0.0.1', Number(new URL(server.url).port)));
	});

	const kinds = [...forms(channel), ...(more[name] ?? [])];
	test.each(kinds.map((options) => [JSON.stringify(options), options] as const))('%s', async (_, options) => {
		const isMarkdown = name === 'telegram' && 'format' in options && /rich|V2/.test(String(options.format));
		const pattern = isMarkdown ? telegramMarkdown : rings[name]!;
		let sent = 0;
		// All at once, and each in turn where they might hide each other.
		for (const call of [calls.join(' '), ...calls.filter((each) => pattern.test(each))])
			for (const message of messages(call)) {
				id = name;
				server.requests.length = 0;
				try {
					const given = { ...sample.options, ...options, attempts: 1, deadline: 20 };
					await deliver({ ...channel, pace: undefined }, sample.account, given, message);
					sent++;
				} catch (error) {
					if (!isChannelError(error)) throw error;
				}
				for (const request of server.requests)
					// Slack and OneBot read nothing in a file's name.
					for (const text of said(request).filter(
						(each) => !/^(slack|onebot)/.test(name) || !/\.txt$/.test(each),
					))
						expect(text).not.toMatch(pattern);
			}
		if (Object.keys(options).length === 0) expect(sent).toBeGreaterThan(0);
	});
});
