import type { Filled } from '../hosts/n8n/parameters';

/** What a person gives a node of either host. */
export interface Case {
	name: string;
	/** Comes in from the node before: a message of ours, or what others mean for one. */
	incoming?: unknown;
	/** In n8n it is the item itself, and not the item's `message`, where our triggers put it. */
	bare?: boolean;
	/** Stands on the form as it is. */
	form?: Omit<Filled, 'options'>;
	/** Is taken from what comes in, part by part, by expressions of the host. */
	taken?: Omit<Filled, 'options'>;
	/** Beside the channel's own. */
	options?: Record<string, unknown>;
}

export const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

const lines = (count: number) => Array.from({ length: count }, (_, at) => `Line ${at} of the log`).join('\n');

/**
 * Every part of a message, alone and together, in every way in which a node may get it.
 * @param picture an address that the account may fetch pictures from
 */
export function fiftyMessages(picture: string): Case[] {
	const body = 'The *disk* is **full**';
	const whole = {
		body: `# Report\n\n${body}, see [the list](https://example.com/a?b=1&c=2).\n\n- one\n- two\n\n> quoted\n\n\`\`\`\ncode\n\`\`\``,
		title: 'Disk <nas> & more',
		level: 'warning',
		type: 'task.failed',
		key: 'disk-1',
		time: '2026-01-02T03:04:05.000Z',
		url: 'https://example.com/open?a=1',
		fields: [
			{ name: 'Host', value: 'nas', short: true },
			{ name: 'Free', value: '1 %', short: true },
		],
		buttons: [{ text: 'Open', url: 'https://example.com/b' }],
	};
	const incoming: [string, unknown][] = [
		['text alone', { body }],
		['a title', { body, title: 'A title' }],
		['a title in Chinese', { body: '磁盘已满，请处理', title: '磁盘告警' }],
		['Markdown', { body: whole.body, format: 'markdown' }],
		['plain text', { body: 'a <b> & *c* _d_ `e`', format: 'text', title: 'x < y' }],
		[
			'HTML',
			{
				body: '<p>The <b>disk</b> is <a href="https://example.com/">full</a></p><ul><li>one</li></ul>',
				format: 'html',
			},
		],
		['level info', { body, level: 'info' }],
		['level success', { body, level: 'success' }],
		['level warning', { body, level: 'warning', title: 'W' }],
		['level failure', { body, level: 'failure' }],
		['a level of others', { body, level: 'Critical' }],
		['a link', { body, url: 'https://example.com/open?a=1&b=2' }],
		['a picture by address', { body, image: { url: picture } }],
		['a picture as text', { body, image: picture, title: 'P' }],
		['a picture as bytes', { body, image: { data: png, name: 'disk.png', mime: 'image/png' } }],
		['a picture in base64', { body, image: { data: png.toString('base64'), name: 'disk.png' } }],
		['a picture of the item', { body, image: { binary: 'shot' } }],
		['a picture that is missing', { body, image: { binary: 'nothing' } }],
		['fields', { body, fields: whole.fields }],
		['fields as an object', { body, fields: { Host: 'nas', Free: 1, Full: true, Since: null } }],
		['a button', { body, buttons: whole.buttons }],
		[
			'buttons of all kinds',
			{
				body,
				buttons: [
					{ text: 'Yes', value: 'y', style: 'primary' },
					{ text: 'No', value: 'n', style: 'danger' },
					{ text: 'See', url: 'https://example.com/s' },
				],
			},
		],
		[
			'a file as bytes',
			{ body, attachments: [{ data: Buffer.from('a,b\n1,2\n'), name: 'list.csv', mime: 'text/csv' }] },
		],
		['files', { body, attachments: [{ binary: 'shot' }, { url: picture, name: 'p.png' }] }],
		['mentions', { body, mentions: ['10001'] }],
		['all mentioned', { body, mentions: ['@all'] }],
		['to somebody', { body, to: '10002' }],
		['to several', { body, to: ['10002', '10003'] }],
		['a key', { body, key: 'k-1' }],
		['a type', { body, type: 'library.added' }],
		['a time', { body, time: '2026-01-02T03:04:05.000Z' }],
		['in place', { body, key: 'k-3', edit: true }],
		['in place of nothing', { body, edit: true }],
		['silent', { body, silent: true, level: 'failure' }],
		['not silent', { body, silent: 'no' }],
		['everything', whole],
		['what cannot be used', { body, level: 7, image: {}, buttons: 'no', fields: [[]], format: 'rtf' }],
		['three parts', { body: lines(250), format: 'text' }],
		['nothing', { body: '' }],
		['blanks', { body: ' \n\u200b' }],
	];
	const asTheyCome: [string, unknown][] = [
		['another node’s text', { text: 'The disk is full' }],
		['another node’s subject', { subject: 'Disk', text: 'is full', link: 'https://example.com/x' }],
		['another node’s HTML', { html: '<b>full</b>' }],
		['data that is no message', { disk: { free: 1, ids: [1, 2] } }],
		['an answer of a model', { output: [{ content: [{ text: 'It is **full**' }] }] }],
	];
	const more = {
		level: 'failure',
		url: 'https://example.com/open',
		image: picture,
		buttons: whole.buttons,
		fields: whole.fields,
		mentions: ['10001', '10002'],
		type: 'task.failed',
		key: 'k-2',
	};
	return [
		...incoming.map(([name, message], at) => ({
			name: `${name}, incoming`,
			incoming: message,
			bare: at % 2 === 1,
		})),
		...asTheyCome.map(([name, item]) => ({ name, incoming: item, bare: true })),
		{ name: 'text on the form', form: { message: body } },
		{
			name: 'all on the form',
			form: { message: whole.body, title: 'Own title', format: 'markdown', more: asTyped(more) },
		},
		{ name: 'plain text on the form', form: { message: 'a *b* <c>', format: 'text', title: ' T ' } },
		{ name: 'silent on the form', incoming: { body, silent: false }, form: { more: { silent: 'true' } } },
		{ name: 'in place by the form', incoming: { body, key: 'k-4' }, form: { more: { edit: 'true' } } },
		{ name: 'silent by an expression', taken: { message: body, more: { silent: true } } },
		{ name: 'HTML on the form', form: { message: 'a <b>b</b><br>c', format: 'html' } },
		{ name: 'a title over the message’s', incoming: whole, form: { title: 'Own title' } },
		{
			name: 'parts over the message’s',
			incoming: whole,
			form: { more: { level: 'info', url: 'https://example.com/own' } },
		},
		{
			name: 'files of the form',
			incoming: { body, attachments: [{ url: picture, name: 'p.png' }] },
			form: { more: { attachments: picture } },
		},
		{ name: 'all by expressions', taken: { message: body, title: 'Taken', format: 'text', more } },
		{
			name: 'numbers and nothing by expressions',
			taken: { message: 42, title: 7, more: { level: '', url: '', buttons: [], mentions: [] } },
		},
		{ name: 'an object by an expression', taken: { message: { a: [1, { b: null }] } } },
		{ name: 'a message by an expression', taken: { message: whole } },
		{ name: 'to somebody, allowed', incoming: { body, to: '10002' }, options: { allowTo: true } },
		{ name: 'to somebody of the form', incoming: { body }, form: { to: '10004' } },
		{ name: 'cut', incoming: { body: lines(2_000), format: 'text' }, options: { overflow: 'cut' } },
		{ name: 'as a file', incoming: { body: lines(2_000), format: 'text' }, options: { overflow: 'file' } },
	];
}

/** JSON fields and lists stand on a form as text. */
const asTyped = (more: Record<string, unknown>) =>
	Object.fromEntries(
		Object.entries(more).map(([key, value]) => [
			key,
			key === 'mentions' ? (value as string[]).join(', ') : Array.isArray(value) ? JSON.stringify(value) : value,
		]),
	);
