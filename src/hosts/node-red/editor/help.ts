/** Writes what the help sidebar shows, from the texts of the form. */
import { pagePath, pages } from '../../../core/define/page';
import { partsOf, type KnownForm } from './forms';
import { RED } from './host';
import { escaped, language, sharedKey, textOf } from './texts';

export function help(form: KnownForm): string {
	const name = textOf(form.type, 'label') ?? form.type;
	const page = linkTo(pageOf(form), say('page').replace('{name}', name));
	const more = `${heading('more')}<ul>${page}${linkTo(form.docs, name)}</ul>`;
	return [
		...(form.outputs ? flowHelp(form) : nodeHelp(form, name)),
		...(form.isAccount ? [] : [heading('fields')]),
		fieldList(form),
		more,
	].join('');
}

const linkTo = (url: string, name: string) =>
	`<li><a href="${escaped(url)}" target="_blank" rel="noopener">${escaped(name)}</a></li>`;

/** In the language of the editor. */
const pageOf = ({ of, page, isAccount, trigger, outputs }: KnownForm) => {
	const kind = page ?? (outputs ? 'flow' : trigger ? 'trigger' : 'channel');
	return `${pages}/${pagePath(isAccount && of.endsWith('Trigger') ? 'trigger' : kind, of, language())}`;
};

const flowHelp = ({ type, outputs = 0, branches, passes }: KnownForm): string[] => [
	...['description', 'teaches']
		.map((path) => textOf(type, path) ?? '')
		.map((text) => text && `<p>${escaped(text)}</p>`),
	heading('inputs'),
	paragraph(passes ? 'goesOn' : 'passes'),
	heading('outputs'),
	`<ol class="node-ports">${[...(branches ? ['branch'] : []), ...Array.from({ length: outputs }, (_, at) => at)]
		.map((at) => {
			const [label, text] = [textOf(type, `output.${at}`), textOf(type, `outputHelp.${at}`)].map((each) =>
				escaped(each ?? ''),
			);
			return `<li>${label}<dl class="message-properties"><dd>${text}</dd></dl></li>`;
		})
		.join('')}</ol>`,
];

function nodeHelp(form: KnownForm, name: string): string[] {
	const { type, isAccount, trigger } = form;
	return isAccount
		? [paragraph('account')]
		: trigger
			? [
					`<p>${escaped(textOf(type, 'description') ?? '')}</p>`,
					heading('outputs'),
					list(triggerOutputs),
					heading('events'),
					paragraph(trigger.tells),
					`<dl>${partsOf(trigger.tells)
						.map(([part, names]) => `<dt>${part}</dt><dd>${names.join(', ')}</dd>`)
						.join('')}</dl>`,
				]
			: [
					`<p>${escaped(say('sends').replace('{name}', spaced(name)))}</p>`,
					heading('inputs'),
					list(inputs),
					heading('messages'),
					paragraph('bodyOnly'),
					`<dl>${messageKeys.map((key) => `<dt>${key}</dt><dd>${escaped(say(`keys.${key}`))}</dd>`).join('')}</dl>`,
					`<pre>${escaped(example)}</pre>`,
					heading('outputs'),
					list(form.operations ? outputs : outputs.filter(([key]) => key !== 'result')),
					...operationsOf(form),
					heading('catch'),
					paragraph('catches'),
				];
}

/** Between Chinese, what is Latin stands with a space around it. */
const spaced = (name: string) =>
	language() === 'zh' ? name.replace(/^(?=\w)/, ' ').replace(/(?<=[\w)])$/, ' ') : name;

const say = (key: string) => RED._(sharedKey(`teach.${key}`));
const heading = (key: string) => `<h3>${escaped(say(key))}</h3>`;
const paragraph = (key: string) => `<p>${escaped(say(key))}</p>`;

type Rows = readonly (readonly [key: string, type: string])[];
const inputs: Rows = [
	['payload', 'string | object'],
	['topic', 'string'],
];
const outputs: Rows = [
	['receipt', 'object'],
	['result', 'object'],
	['error', 'object'],
];
const triggerOutputs: Rows = [
	['payload', 'object'],
	['event', 'object'],
	['raw', 'any'],
];

const messageKeys = [
	...['body', 'title', 'format', 'level', 'url', 'image', 'attachments', 'buttons', 'fields', 'mentions', 'to'],
	...['type', 'key'],
];
const example = `{
  "title": "Backup",
  "body": "**nas** is done",
  "level": "success",
  "url": "https://nas.example.com",
  "fields": [{ "name": "Size", "value": "12 GB" }]
}`;

/** What `msg.operation` may say, and what it needs. */
function operationsOf({ operations, fields }: KnownForm): string[] {
	if (!operations || Object.keys(operations).length === 0) return [];
	const rows = ['send', ...Object.keys(operations)].map((operation) => {
		const keys = Object.values(fields)
			.filter((field) => operation !== 'send' && field.operation === operation)
			.map(({ name }) => name.slice(operation.length))
			.map((key) => `msg.${key.charAt(0).toLowerCase()}${key.slice(1)}`);
		return `<dt>${operation}</dt><dd>${keys.join(', ')}</dd>`;
	});
	return [heading('operations'), paragraph('chosen'), `<dl>${rows.join('')}</dl>`];
}

const list = (rows: Rows) =>
	`<dl class="message-properties">${rows
		.map(
			([key, type]) =>
				`<dt>${key} <span class="property-type">${escaped(type)}</span></dt><dd>${escaped(say(rows === triggerOutputs && key === 'payload' ? 'message' : key))}</dd>`,
		)
		.join('')}</dl>`;

function fieldList({ type, fields }: KnownForm): string {
	const rows = Object.keys(fields).map((name) => {
		const text = textOf(type, `help.${name}`);
		return text === undefined
			? ''
			: `<dt>${escaped(textOf(type, `field.${name}`) ?? name)}</dt><dd>${escaped(text)}</dd>`;
	});
	return `<dl>${rows.join('')}</dl>`;
}
