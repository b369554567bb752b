import { ChannelError, chars, defineChannel, secret, type Json } from '../../../../src/core/define/channel';
import { deliver, type Progress, type Receipt } from '../../../../src/core/deliver/deliver';
import { Earlier } from '../../../../src/core/deliver/send/earlier';
import { memoryStore } from '../../../../src/core/state/memory';
import type { KeyValues } from '../../../../src/core/state/store';
import { frozenClock, refused } from '../../../refused';

/** What the service did, in order: `send 1`, `edit 1`, with the text. */
let done: string[];
/** What stands in the place of each message now. */
let shown: Record<number, string>;
/** Thrown by what is done next. */
let faults: ((did: () => void) => Error | undefined)[];
let store: KeyValues;
let clock: ReturnType<typeof frozenClock>;

function act(what: 'send' | 'edit', id: number, text: string): void {
	const did = () => {
		done.push(`${what} ${id}: ${text}`);
		shown[id] = text;
	};
	const fault = faults.shift();
	const error = fault?.(did);
	if (error) throw error;
	if (!fault) did();
}

const fields = { key: secret('Key', { zh: '密钥' }) };
const slate = defineChannel({
	id: 'slate',
	name: 'Slate',
	zh: '石板',
	docs: '',
	renders: { markup: 'plain', limit: chars(30), image: 'url' },
	account: fields,
	target: { label: 'Chat', zh: '会话', each: true },
	options: {},
	send: async ({ message }) => {
		const id = Object.keys(shown).length + 1;
		act('send', id, message.body);
		return { id, handle: { id } };
	},
	edit: async ({ message, handle }) => {
		if (message.image) return undefined;
		const { id } = handle as { id: number };
		act('edit', id, message.body);
		return { id, handle };
	},
});

beforeEach(() => {
	[done, shown, faults, clock] = [[], {}, [], frozenClock()];
	store = memoryStore(clock.now);
});

const said = (
	message: object,
	{
		account = { key: 'k-1234', to: 'a' } as Record<string, Json>,
		options = {},
		progress = { sent: {} } as Progress,
	} = {},
) => deliver(slate, account, options, { format: 'text', ...message }, { earlier: store, clock, progress });
/** A text of so many parts. */
const parts = (letter: string, count: number) => Array.from({ length: count }, () => letter.repeat(20)).join(' ');
const sent = (receipt: Receipt) => [receipt.edited, receipt.degraded, receipt.warnings];

test('a message takes the place of the one that was sent under its key, again and again', async () => {
	expect(sent(await said({ body: 'one', key: 'k' }))).toEqual([undefined, [], []]);
	const receipt = await said({ body: 'two', key: 'k', edit: true });
	expect(sent(receipt)).toEqual([true, [], []]);
	expect(receipt).toMatchObject({ ids: ['1'], handle: { id: 1 } });
	await said({ body: 'three', key: 'k', edit: true });
	expect(done).toEqual(['send 1: one', 'edit 1: two', 'edit 1: three']);
	expect(shown).toEqual({ 1: 'three' });
});

test('without asking for it, the same key is another message, which the next one replaces', async () => {
	await said({ body: 'one', key: 'k' });
	await said({ body: 'two', key: 'k', edit: false });
	await said({ body: 'three', key: 'k', edit: true });
	expect(done).toEqual(['send 1: one', 'send 2: two', 'edit 2: three']);
});

const same = { key: 'k-1234', to: 'a' };
test.each<[string, object, Record<string, Json>]>([
	['another key', { key: 'other' }, same],
	['another chat', { key: 'k' }, { key: 'k-1234', to: 'b' }],
	['another account', { key: 'k' }, { key: 'k-5678', to: 'a' }],
	['no key', {}, same],
])('%s knows of no earlier one: it goes anew, and says so', async (_, message, account) => {
	await said({ body: 'one', key: 'k' });
	const receipt = await said({ body: 'two', edit: true, ...message }, { account });
	expect(sent(receipt)).toEqual([undefined, ['edit'], [expect.stringContaining('went as a new one')]]);
	expect(receipt.losses).toEqual([{ kind: 'edit', part: 1, count: 1 }]);
	expect(done).toEqual(['send 1: one', 'send 2: two']);
});

test('it says so in Chinese too', async () => {
	const account = { key: 'k-1234', to: 'a', language: 'zh' };
	expect((await said({ body: 'x', key: 'k', edit: true }, { account })).warnings).toEqual([
		'找不到此 key 的先前消息，因此作为新消息发送。',
	]);
});

test('what the service does not change any more goes anew, and is what the next one replaces', async () => {
	await said({ body: 'one', key: 'k' });
	faults = [() => new ChannelError('Rejected', { en: 'Too old.', zh: '过期。' })];
	const receipt = await said({ body: 'two', key: 'k', edit: true });
	expect(sent(receipt)).toEqual([undefined, ['edit'], [expect.stringMatching(/new one\. Too old\.$/)]]);
	await said({ body: 'three', key: 'k', edit: true });
	expect(done).toEqual(['send 1: one', 'send 2: two', 'edit 2: three']);
});

test('a form that cannot take the place goes anew, and nothing is asked for first', async () => {
	await said({ body: 'one', key: 'k' });
	const image = { url: 'https://example.com/a.png' };
	const receipt = await said({ body: 'two', key: 'k', edit: true, image });
	expect(sent(receipt)).toEqual([undefined, ['edit'], [expect.stringContaining('another form')]]);
	expect(receipt.attempts).toBe(1);
});

test('each chat has its own', async () => {
	const account = { key: 'k-1234', to: 'a, b' };
	await said({ body: 'one', key: 'k' }, { account });
	expect((await said({ body: 'two', key: 'k', edit: true }, { account })).edited).toBe(true);
	expect(done.slice(2)).toEqual(['edit 1: two', 'edit 2: two']);
});

test('part by part; further ones go anew, and what is left over is told', async () => {
	await said({ body: parts('a', 2), key: 'k' });
	expect(Object.keys(shown)).toHaveLength(2);
	const longer = await said({ body: parts('c', 3), key: 'k', edit: true });
	expect(done.slice(2).map((each) => each.slice(0, 6))).toEqual(['edit 1', 'edit 2', 'send 3']);
	expect(sent(longer)).toEqual([undefined, [], []]);
	const shorter = await said({ body: 'f', key: 'k', edit: true });
	expect(shorter).toMatchObject({ edited: true, warnings: [expect.stringContaining('stay as they were')] });
});

test('a change in doubt is made again, whatever the options, for it does no harm', async () => {
	await said({ body: 'one', key: 'k' });
	const lost = (did: () => void) => {
		did();
		return new ChannelError('Unreachable', { en: 'Cut.', zh: '断开。' }, { unknown: true });
	};
	faults = [lost];
	expect(sent(await said({ body: 'two', key: 'k', edit: true }))).toEqual([true, [], []]);
	expect(done.slice(1)).toEqual(['edit 1: two', 'edit 1: two']);
	// Also by a later try of the same message.
	faults = [lost];
	const progress: Progress = { sent: {} };
	const options = { attempts: 1 };
	const error = await refused(said({ body: 'three', key: 'k', edit: true }, { options, progress }));
	expect(error.unknown).toBe(false);
	expect((await said({ body: 'three', key: 'k', edit: true }, { options, progress })).edited).toBe(true);
	expect(Object.keys(shown)).toEqual(['1']);
});

test('one that goes anew and ends in doubt is not sent again', async () => {
	faults = [
		(did) => {
			did();
			return new ChannelError('Unreachable', { en: 'Cut.', zh: '断开。' }, { unknown: true });
		},
	];
	const progress: Progress = { sent: {} };
	const message = { body: 'one', key: 'k', edit: true };
	expect((await refused(said(message, { progress }))).unknown).toBe(true);
	await refused(said(message, { progress }));
	expect(done).toEqual(['send 1: one']);
});

test('a try that ends in the middle leaves the rest to be replaced by the next', async () => {
	await said({ body: parts('a', 2), key: 'k' });
	const message = { body: parts('c', 2), key: 'k', edit: true };
	const broken = () => new ChannelError('Unreachable', { en: 'Away.', zh: '离线。' });
	faults = [undefined as never, broken];
	const progress: Progress = { sent: {} };
	await refused(said(message, { options: { attempts: 1 }, progress }));
	expect((await said(message, { progress })).edited).toBe(true);
	expect(Object.keys(shown)).toHaveLength(2);
	expect(done.slice(2).map((each) => each.slice(0, 6))).toEqual(['edit 1', 'edit 2']);
});

test('after two days it is another message', async () => {
	await said({ body: 'one', key: 'k' });
	await clock.sleep(2 * 86_400_000 - 1, new AbortController().signal);
	expect((await said({ body: 'two', key: 'k', edit: true })).edited).toBe(true);
	await clock.sleep(2 * 86_400_000, new AbortController().signal);
	expect((await said({ body: 'three', key: 'k', edit: true })).degraded).toEqual(['edit']);
});

test('a memory that fails costs no message', async () => {
	const no = () => Promise.reject(new Error('gone'));
	store = { ...store, get: no, set: no };
	await said({ body: 'one', key: 'k' });
	expect((await said({ body: 'two', key: 'k', edit: true })).degraded).toEqual(['edit']);
	expect(done).toHaveLength(2);
});

test('nothing of an account or a message stands in it, and only what has a key does', async () => {
	const keys: string[] = [];
	store = { ...store, set: async (key, value) => void keys.push(key, value) };
	await said({ body: 'one' });
	expect(keys).toEqual([]);
	await said({ body: 'one', key: 'k-secret' });
	expect(keys).toEqual([expect.stringMatching(/^sent:[\w-]{43}$/), '[{"handle":{"id":2}}]']);
});

test('without a store of the host’s it is remembered within the process', async () => {
	const [address, handles] = ['sent:a test of its own', [{ handle: { id: 7 }, form: 'text' }, null]];
	await new Earlier().keep(address, handles);
	expect(await new Earlier().find(address)).toEqual(handles);
	expect(await new Earlier().find(`${address}?`)).toEqual([]);
});
