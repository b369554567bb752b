import { fc } from '../property';
import { isPrivateHost } from '../../src/core/base/addresses';
import type { MediaEvent } from '../../src/core/message/event';
import type { Message } from '../../src/core/message/message';
import { Refusal } from '../../src/core/define/trigger';
import type { Sender } from '../../src/core/define/sender';
import { senders } from '../../src/services/senders';
import { receive } from '../services/webhook/receiving';
import { at, knownBodies, leavesOf, sources, withLeaf } from './bodies';

const ids: readonly string[] = senders.map(({ id }) => id);
const bodies = knownBodies(ids);
console.log(`Bodies: ${bodies.length}, of ${sources}`);

const runs = Number(process.env.LAW_RUNS ?? 150);
const account = { key: 'door-k3y-of-this-node', serverUrl: 'http://10.0.0.2:8096', serverKey: 's3rver-key' };

/** Those whose bodies are the words of a script: whatever it calls its things, readers are to see. */
const worded: ReadonlySet<string> = new Set([
	...['custom', 'mediaSaber', 'qinglong', 'qd', 'moviePilot'],
	// What a tool says in the form of a chat service is that tool's text.
	...(senders as readonly Sender[]).filter(({ dialect }) => dialect).map(({ id }) => id),
]);

interface Shown {
	/** Whose it was taken for. */
	source: string;
	message: Message;
}

/** Whose texts may be a whole message of somebody's: an address in such a text is what was said, its key and all. */
const isQuoted = (source: string) => worded.has(source) || source === 'betterGI';
/** What stands under a key that names a secret is nobody's text. */
const secret = 'hunter2-in-the-body';
const keyOfAddress = 'hunter3-in-an-address';

function shownOf(sender: string, value: unknown, language: 'en' | 'zh'): readonly Shown[] {
	try {
		const request = { path: `/webhook/${sender}`, query: { apiKey: account.key } };
		return receive(value, { request, account, language }).events.map(({ event, message }) => ({
			source: (event as MediaEvent).source,
			message: message!,
		}));
	} catch (error) {
		if (error instanceof Refusal) return [];
		throw error;
	}
}

const rawEnum = /\b[A-Z]{2,}_[A-Z_]+\b/g;
const camelCase = /\b[a-z]+[A-Z]\w*\b|\b[A-Z][a-z]+[A-Z]\w*\b/g;
const standsForNothing = /\b(?:unknown|undefined|null|NaN)\b|\[object Object\]/gi;
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])/;

/** Every text within a body that a person may have written, one after the other: what stands there may be shown. */
const humanText = (value: unknown): string =>
	leavesOf(value)
		.filter((path) => !machine.test(String(path.at(-1))))
		.map((path) => String(at(value, path)))
		.join('\n');

/** Keys under which programs write names of their own. */
const machine =
	/^(?:event|notificationtype|notification_type|eventtype|event_type|action|type|itemtype|media_type|status\w*|state|result|resultstatus|taskstate|savereason|deletereason|level|issue_type|issue_status|playmethod|downloadclienttype)$/i;

/** Its keys too, and what programs write. */
const everything = (value: unknown): string => JSON.stringify(value);

/** A text of its own is JSON. */
const isJsonTold = (value: unknown): boolean =>
	leavesOf(value).some((path) => /^\s*[[{]/m.test(String(at(value, path))));

/** What readers see of it, without the markup and the addresses of links. */
const seen = ({ title, body, fields = [] }: Message): string =>
	[title, body, ...fields.flatMap(({ name, value }) => [name, value])]
		.join('\n')
		.replace(/\]\(https?:[^)]*\)/g, ']')
		.replace(/\\(?=[!-/:-@[-`{-~])/g, '');

/** Programs have names like those that programmers give. */
const names = senders.map(({ name }) => name).join(' ');

function faultsOf(value: unknown, { source, message }: Shown): string[] {
	const text = seen(message);
	const words = worded.has(source) ? everything(value) : humanText(value);
	const human = `${names} ${words}`.replace(/\s+/g, ' ');
	const faults: string[] = [];
	const isTheirs = (word: string) => human.includes(word);
	if (unseen.test(`${message.title ?? ''}${message.body}${JSON.stringify(message.fields ?? [])}`))
		faults.push('a control character');
	const secrets = [account.key, account.serverKey, secret, ...(isQuoted(source) ? [] : [keyOfAddress])];
	for (const secret of secrets)
		if (`${text}${message.url ?? ''}`.includes(secret)) faults.push(`the secret ${secret}`);
	const addresses = [message.url, ...(message.buttons ?? []).map(({ url }) => url)];
	const picture = message.image && 'url' in message.image ? message.image.url : undefined;
	if (picture && !picture.startsWith(account.serverUrl)) addresses.push(picture);
	for (const [, url] of message.body.matchAll(/\]\((https?:[^)]*)\)/g)) addresses.push(url);
	for (const url of addresses)
		if (url !== undefined && URL.canParse(url) && isPrivateHost(new URL(url).hostname))
			faults.push(`leads to ${url}`);
	for (const pattern of [rawEnum, camelCase, standsForNothing])
		for (const [word] of text.matchAll(pattern))
			if (!isTheirs(word)) faults.push(`“${word}” in “${text.slice(0, 120)}”`);
	if (/^\s*[[{]/m.test(text) && /"\w+":/.test(text) && !isJsonTold(value)) faults.push('JSON');
	return faults;
}

const faultsIn = (sender: string, value: unknown) =>
	(['en', 'zh'] as const).flatMap((language) =>
		shownOf(sender, value, language).flatMap((shown) => faultsOf(value, shown)),
	);

describe.each(ids)('%s', (id) => {
	const own = bodies.filter(({ sender }) => sender === id);

	test('shows of what it is known to send only what was meant for readers', () => {
		const found = own.flatMap(({ name, value }) => faultsIn(id, value).map((fault) => `${name}: ${fault}`));
		expect(found).toEqual([]);
	});

	test('an event that nobody has heard of is told in words', () => {
		const names = ['SOMETHING_OF_TOMORROW', 'SomethingOfTomorrow', 'something.ofTomorrow', 'something_of_tomorrow'];
		const found = own.flatMap(({ name, value }) =>
			['Event', 'NotificationType', 'event', 'eventType', 'notification_type', 'action', 'type', 'result']
				.filter((key) => Object.hasOwn(value as object, key))
				.flatMap((key) => names.flatMap((one) => faultsIn(id, withLeaf(value, [key], one))))
				.map((fault) => `${name}: ${fault}`),
		);
		expect(found).toEqual([]);
	});

	test('nor where values are missing, of another kind, or nothing but a word for nothing', () => {
		const leaf = fc.constantFrom<unknown>(
			...[undefined, null, 7, -1, 0, true, {}, [], [null], { a: { b: 1 } }, ''],
			...['null', 'undefined', 'unknown', 'NaN', '[object Object]', 'a\u0000b\u001b[31m', '\ud800'],
			...['http://192.168.1.9:8989/x.jpg', `http://nas.local/a?token=${keyOfAddress}`, account.key],
			...[`https://u:${keyOfAddress}@host.example/`, 'http://localhost:3000/x'],
		);
		fc.assert(
			fc.property(
				fc.constantFrom(...own),
				fc.array(fc.tuple(fc.nat(), leaf), { minLength: 1, maxLength: 3 }),
				(body, changes) => {
					let value = body.value;
					for (const [place, given] of changes) {
						const paths = leavesOf(value).filter((path) => path.length > 0);
						if (paths.length) value = withLeaf(value, paths[place % paths.length]!, given);
					}
					expect(faultsIn(id, value).slice(0, 3)).toEqual([]);
				},
			),
			{ numRuns: runs, seed: 20 },
		);
	});

	test('nor a value under a key that names a secret', () => {
		const keys = [
			'token',
			'password',
			'apiKey',
			'access_token',
			'secret',
			'X-Plex-Token',
			'authorization',
			'cookie',
		];
		const found = own.flatMap(({ name, value }) =>
			keys.flatMap((key) =>
				faultsIn(id, { ...(value as object), [key]: secret }).map((fault) => `${name}, ${key}: ${fault}`),
			),
		);
		expect(found).toEqual([]);
	});
});
