import { fc } from '../../property';
import {
	admit,
	chatHappening,
	chatOptions,
	parseCommand,
	parseLines,
	type ChatEvent,
} from '../../../src/core/receive/chat';
import { read } from '../../../src/core/base/field';
import { quickly } from '../../work';

const said = (text: string, user = 'ann'): ChatEvent => ({
	channel: 'telegram',
	conversation: { id: '1', kind: 'private' },
	user: { id: user },
	admin: false,
	text,
	...parseCommand(text),
	replyTo: '1',
	messageId: '7',
	time: '2030-01-01T00:00:00Z',
	kind: 'message',
	raw: {},
});
const options = (given: Record<string, string> = {}) => read(chatOptions, given);

test.each([
	['/pause 10m', 'pause', ['10m']],
	['/Pause@my_bot', 'pause', []],
	['  /last  5 "two words" “中文 引号”', 'last', ['5', 'two words', '中文 引号']],
	['／暂停 1', '暂停', ['1']],
])('%s is a command', (text, command, args) => {
	expect(parseCommand(text)).toEqual({ command, args });
});
test.each(['hello', '/', '5/3', '//x', 'a /b'])('%s is none', (text) => {
	expect(parseCommand(text)).toEqual({});
});
test('any text is a command or not, in no time', () => {
	fc.assert(fc.property(fc.string(), (text) => void parseCommand(`/${text}`)));
	const tokens = fc.constantFrom('“', '”', '"', ' ', '\u3000', 'a', '/');
	fc.assert(
		fc.property(fc.array(tokens), (parts) => {
			const { args = [] } = parseCommand(`/x ${parts.join('')}`);
			expect(args.join('').length).toBeLessThanOrEqual(parts.length);
		}),
	);
});
test.each([
	['curly quotes that nothing closes', '“ '],
	['quotes', '" a'],
	['blanks', ' \u3000'],
])('a message of nothing but %s holds nobody up', (_, part) => {
	const text = `/x ${part.repeat(150_000)}y`;
	// Once, searching each quote's end to the end took a minute.
	expect(quickly(() => parseCommand(text)).command).toBe('x');
});
test('what opens and does not close is a character like others', () => {
	expect(parseCommand('/x "two words" "and one')).toEqual({ command: 'x', args: ['two words', '"and', 'one'] });
	expect(parseCommand('/x “a b” “c d')).toEqual({ command: 'x', args: ['a b', '“c', 'd'] });
	expect(parseCommand('/x "" a"b c"')).toEqual({ command: 'x', args: ['', 'a"b', 'c"'] });
});

test('lines of name and text', () => {
	expect(parseLines('/Help = I = you\n\nnothing\nlast=Latest')).toEqual([
		{ name: 'help', text: 'I = you' },
		{ name: 'last', text: 'Latest' },
	]);
});

test('strangers are met with silence, or refused in their language', () => {
	expect(admit(said('hi', 'eve'), options({ users: 'ann' }), 'en')).toMatchObject({
		passes: false,
		answer: undefined,
	});
	expect(admit(said('hi', 'eve'), options({ users: 'ann', strangers: 'refuse' }), 'zh').answer).toMatch(/抱歉/);
	expect(
		admit(said('hi', 'eve'), options({ users: 'ann', strangers: 'refuse', refusal: 'Go away.' }), 'zh').answer,
	).toBe('Go away.');
	expect(admit(said('hi', 'ann'), options({ users: 'ann' }), 'en').passes).toBe(true);
	expect(admit(said('hi', 'eve'), options(), 'en').passes).toBe(true);
});

test('a stranger is refused where the bot was meant, not at every word of a group', () => {
	const rules = options({ users: 'ann', strangers: 'refuse' });
	expect(admit({ ...said('What a day', 'eve'), overheard: true }, rules, 'en')).toMatchObject({
		passes: false,
		answer: undefined,
	});
	expect(admit({ ...said('/last', 'eve'), overheard: true }, rules, 'en').answer).toMatch(/Sorry/);
	expect(admit({ ...said('What a day'), overheard: true }, rules, 'en').passes).toBe(true);
});

test('admin commands are for admins, who need not be on the other list', () => {
	const rules = options({ users: 'ann', admins: 'bob', adminCommands: '/pause' });
	expect(admit(said('/pause', 'ann'), rules, 'en').passes).toBe(false);
	expect(admit(said('/pause', 'bob'), rules, 'en')).toMatchObject({ passes: true, event: { admin: true } });
	expect(admit(said('/last', 'ann'), rules, 'en').passes).toBe(true);
	expect(admit(said('/last', 'ann'), options({ adminCommands: '*' }), 'en').passes).toBe(false);
});

test('fixed answers go out besides the flow', () => {
	expect(admit(said('/help'), options({ answers: 'help = Try /last' }), 'en')).toMatchObject({
		passes: true,
		answer: 'Try /last',
	});
});

test('a happening answers in place and is known again when redelivered', () => {
	expect(chatHappening(said('hi'), 'en')).toMatchObject({
		key: 'telegram:1:7',
		remember: 86_400,
		message: { body: 'hi', to: '1', type: 'chat.message' },
	});
});

describe('a message that a channel can send', () => {
	const messageOf = (event: Partial<ChatEvent>, about?: { en: string; zh: string }, language: 'en' | 'zh' = 'en') =>
		chatHappening({ ...said(''), ...event }, language, about).message!;
	const picture = { mime: 'image/*', url: 'https://pictures.example/a.jpg' };

	test('a picture alone', () =>
		expect(messageOf({ files: [picture] })).toMatchObject({ body: '🖼 Picture', image: { url: picture.url } }));
	test('a picture beside words, and one more', () =>
		expect(messageOf({ text: 'look', files: [picture, { mime: 'audio/amr' }] }, undefined, 'zh')).toMatchObject({
			body: 'look\n🎤 语音',
			image: { url: picture.url },
		}));
	test('one that only the account may open is named', () => {
		const message = messageOf({ files: [{ ...picture, name: 'a.jpg', locked: true }] });
		expect(message).toMatchObject({ body: '🖼 a.jpg' });
		expect(message).not.toHaveProperty('image');
	});
	test('a file', () => expect(messageOf({ files: [{ id: '1', name: 'x.pdf' }] }).body).toBe('📎 x.pdf'));
	test('what nobody says', () => {
		expect(messageOf({}, { en: 'Poked', zh: '戳一戳' }, 'zh').body).toMatch(/^ℹ️ 戳一戳/);
		expect(messageOf({}).body).toMatch(/^ℹ️ Something happened in the chat/);
	});
});
