import { fc } from '../../property';
import { compose } from '../../../src/core/message/compose';
import { incomingMessage } from '../../../src/core/message/incoming';

const execution = {
	id: '231',
	url: 'https://n8n.example.com/workflow/1/executions/231',
	retryOf: '34',
	error: { message: 'Example Error Message', stack: 'Error: at secret/place.js:3' },
	lastNodeExecuted: 'Node With Error',
	mode: 'manual',
};
const workflow = { id: '1', name: 'Backup' };

test('n8n’s failed execution is a failure message with a link to it, and no stack', () => {
	const message = incomingMessage({ execution, workflow });
	expect(message).toEqual({
		title: 'Workflow “Backup” failed',
		body: 'Node With Error: Example Error Message',
		format: 'text',
		level: 'failure',
		type: 'workflow.failed',
		url: execution.url,
		key: 'n8n:execution:231',
	});
	expect(incomingMessage({ execution, workflow }, 'zh')).toMatchObject({ title: '工作流“Backup”执行失败' });
});

test('so is a trigger that failed, which ran no execution', () => {
	const error = { message: 'The trigger failed', node: { name: 'Poll' }, cause: { message: 'ECONNREFUSED' } };
	expect(incomingMessage({ trigger: { error, mode: 'trigger' }, workflow })).toMatchObject({
		title: 'Workflow “Backup” failed',
		body: 'Poll: The trigger failed',
		level: 'failure',
	});
});

test.each([
	[{ output: 'An **answer**' }, { body: 'An **answer**' }],
	[{ output: { title: 'T', text: 'x' } }, { title: 'T', body: 'x' }],
	[
		{ title: 'T', body: 'b' },
		{ title: 'T', body: 'b' },
	],
	[
		{ title: 'T', message: 'm' },
		{ title: 'T', body: 'm' },
	],
	[{ text: 't' }, { body: 't' }],
	[{ text: 0 }, { body: '0' }],
	[
		{ subject: 'S', text: 't' },
		{ title: 'S', body: 't' },
	],
	[{ content: 'c' }, { body: 'c' }],
	[{ content: '<p>c</p>' }, { body: '<p>c</p>', format: 'html' }],
	[
		{ subject: 'S', textHtml: '<b>h</b>' },
		{ title: 'S', body: '<b>h</b>', format: 'html' },
	],
	[
		{ title: 'News', link: 'https://example.com/1', content: '<p>Long</p>', contentSnippet: 'Long', guid: '1' },
		{ title: 'News', url: 'https://example.com/1', body: 'Long' },
	],
	[
		{ title: 'News', link: 'https://example.com/1' },
		{ url: 'https://example.com/1', body: 'News', format: 'text' },
	],
	[{ data: 'an answer of HTTP Request' }, { body: 'an answer of HTTP Request' }],
	[{ body: 'whole answer', headers: {}, statusCode: 200, statusMessage: 'OK' }, { body: 'whole answer' }],
	[
		{ headers: {}, params: {}, query: {}, body: { title: 'T', message: 'm' } },
		{ title: 'T', body: 'm' },
	],
	[
		{ headers: { a: 'b' }, query: {}, body: { a: 1 } },
		{ body: '{\n  "a": 1\n}', format: 'text' },
	],
	[{ message: { role: 'assistant', content: 'hello' } }, { body: 'hello' }],
	[{ choices: [{ index: 0, message: { content: 'hello' } }] }, { body: 'hello' }],
	[{ content: { parts: [{ text: 'hello' }] } }, { body: 'hello' }],
	[{ output: [{ type: 'message', content: [{ type: 'output_text', text: 'hello' }] }] }, { body: 'hello' }],
	[
		{ message: { body: 'own', title: 'T', buttons: [] }, event: {} },
		{ body: 'own', title: 'T', buttons: [] },
	],
	[
		{ message: 'disk full', level: 'ERROR', url: 'https://example.com' },
		{ body: 'disk full', level: 'failure', url: 'https://example.com' },
	],
])('%j is read as a person means it', (item, message) => {
	expect(incomingMessage(item)).toEqual(message);
});

test.each([
	[{ temperature: 21 }],
	[{}],
	[[]],
	['text'],
	[null],
	[{ title: 'alone' }],
	[{ message: { a: 1 } }],
	[Buffer.from('x')],
])('%j is nobody’s message', (item) => expect(incomingMessage(item)).toBeUndefined());

describe('Node-RED', () => {
	const source = { id: 'n1', type: 'function', name: 'Backup', count: 1 };

	test('Catch: what went wrong, with what the flow says beside it', () => {
		const error = { message: 'TypeError: x is undefined', source, stack: 'at …' };
		const failed = { title: '“Backup” failed', level: 'failure', format: 'text', type: 'node.failed' };
		expect(incomingMessage({ error, payload: 1_700_000_000_000 })).toMatchObject(failed);
		expect(incomingMessage({ error, payload: { a: 1 } })).toEqual({ ...failed, body: error.message });
		expect(incomingMessage({ error, payload: 'Job 7' })).toEqual({ ...failed, body: `${error.message}\n\nJob 7` });
		const all = `Job 7: ${error.message}`;
		expect(incomingMessage({ error, payload: all })).toEqual({ ...failed, body: all });
	});

	test('what a channel could not send stays the message, for another channel', () => {
		expect(
			incomingMessage({ error: { message: 'no', source: { ...source, type: 'carillon-bark' } }, payload: 'x' }),
		).toBeUndefined();
	});

	test('Status: the text, under the name of its node', () => {
		const status = { fill: 'red', shape: 'ring', text: 'disconnected', source };
		expect(incomingMessage({ status })).toEqual({
			title: 'Backup',
			body: 'disconnected',
			format: 'text',
			level: 'failure',
		});
	});
});

test('an own title or text wins; what stays empty is that of the item', () => {
	expect(compose({ title: '', body: '' }, { subject: 'S', text: 't' })).toMatchObject({ title: 'S', body: 't' });
	expect(compose({ body: 'mine' }, { subject: 'S', text: 't' })).toMatchObject({ title: 'S', body: 'mine' });
	expect(compose({ title: 'Mine' }, { output: 'o' })).toMatchObject({ title: 'Mine', body: 'o' });
	expect(compose({ body: { title: 'T', message: 'm' } })).toMatchObject({ title: 'T', body: 'm' });
});

test('whatever an item holds, it is read or left alone', () => {
	const key = fc.constantFrom(
		'message',
		'body',
		'text',
		'error',
		'execution',
		'workflow',
		'source',
		'output',
		'status',
		'content',
		'name',
	);
	const { tree } = fc.letrec((tie) => ({
		tree: fc.oneof({ maxDepth: 4 }, fc.anything(), fc.dictionary(key, tie('tree'))),
	}));
	fc.assert(
		fc.property(tree, (item) => {
			const message = incomingMessage(item);
			if (message) expect(typeof message.body).toBe('string');
		}),
		{ seed: 7, numRuns: 500 },
	);
});

test('a message with parts that cannot be used stays one: whoever reads it tells which', () => {
	const broken = { body: 'b', title: 'T', level: 7, image: {}, buttons: 'no', fields: [[]] };
	expect(incomingMessage({ message: broken })).toBe(broken);
	expect(incomingMessage(broken)).toBe(broken);
	expect(compose({}, { message: broken })).toMatchObject(broken);
});
