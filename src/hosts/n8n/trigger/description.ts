import {
	NodeConnectionTypes,
	type TriggerPanelDefinition,
	type INodeProperties,
	type INodeTypeDescription,
	type IWebhookDescription,
} from 'n8n-workflow';
import { toggle, type Fields } from '../../../core/base/field';
import type { Trigger } from '../../../core/define/trigger';
import { pageOf } from '../../../core/define/page';
import { samplesOf } from '../../../core/receive/playing';
import { receptionOptions } from '../../../core/receive/reception';
import { isNeeded, needsAccount, properties } from '../fields';
import { codex, displayName, nodeIcon } from '../names';

/** Where the optional fields stand; `options` is taken, see `rawBodies`. */
export const collection = 'settings';

/** Names the sample that a test run plays; empty: it waits for a request. */
export const sampleParameter = 'playSample';

/** What n8n shows of a trigger. */
export function describe(trigger: Trigger, account: string): INodeTypeDescription {
	const name = displayName(trigger);
	return {
		displayName: name,
		name: trigger.id,
		icon: nodeIcon(trigger.accountOf ?? trigger.id),
		group: ['trigger'],
		// Exactly 1: what makes n8n leave the body alone, see `rawBodies`.
		version: 1,
		subtitle:
			trigger.receive && !trigger.receives ? '={{ $parameter["path"] ? "/" + $parameter["path"] : "" }}' : '',
		description: descriptionOf(trigger),
		defaults: { name },
		codex: codex(trigger),
		documentationUrl: pageOf(trigger),
		eventTriggerDescription:
			trigger.receive && !trigger.receives ? 'Waiting for a request to the test URL' : 'Waiting for an event',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		// Without one there is nothing to check callers with.
		credentials: [{ name: account, required: trigger.access !== undefined || needsAccount(trigger.account) }],
		...(trigger.receive && { webhooks: webhooks(trigger), triggerPanel: panel(trigger) }),
		properties: trigger.receives
			? [...optionProperties(trigger), path(trigger), rawBodies()]
			: [
					...(trigger.receive ? [path(trigger), rawBodies()] : []),
					...optionProperties(trigger),
					...playing(trigger),
				],
	};
}

/** n8n's panel shows a channel and its trigger as one, with what the trigger says. */
function descriptionOf({ accountOf, name, description: { en } }: Trigger): string {
	if (accountOf === undefined) return en;
	const channel = name.replace(/ Trigger$/, '');
	return `Send notifications with ${channel}, or start a workflow on ${en.charAt(0).toLowerCase()}${en.slice(1)}`;
}

/** n8n takes one method an entry, and tells entries apart by their name. */
export function webhooks({ methods = ['POST'], receives, samples }: Trigger): IWebhookDescription[] {
	const isOn = [
		...Object.entries(receives ?? {}).map(
			([key, values]) => `${JSON.stringify(values)}.includes($parameter[${JSON.stringify(key)}])`,
		),
		// A sample comes by itself: nothing is to be waited for.
		...(samples ? [`!$parameter[${JSON.stringify(sampleParameter)}]`] : []),
	];
	return methods.map((httpMethod, index) => ({
		name: index === 0 ? 'default' : httpMethod.toLowerCase(),
		// A method that is empty is no webhook to n8n.
		httpMethod: isOn.length ? `={{ ${isOn.join(' && ')} ? "${httpMethod}" : "" }}` : httpMethod,
		// All methods have the same address: one is enough to copy.
		...(index > 0 ? { ndvHideUrl: true } : isOn.length && { ndvHideUrl: `={{ !(${isOn.join(' && ')}) }}` }),
		// Without a path n8n takes the node's own webhook id: no two triggers collide.
		path: '={{ $parameter["path"] || "" }}',
		isFullPath: true,
		responseMode: 'onReceived',
		responseData: 'noData',
	})) as IWebhookDescription[];
}

const path = ({ receives: show, account }: Trigger): INodeProperties => ({
	displayName: 'Path',
	name: 'path',
	type: 'string',
	default: '',
	placeholder: 'api/v1/webhook/emby',
	...(show && { displayOptions: { show: show as Record<string, (string | boolean)[]> } }),
	hint: [
		'Empty: an address that no other trigger has.',
		...(account.key ? ['Where the credential has a key, senders add ?apiKey=KEY to the address.'] : []),
	].join(' '),
	description: 'What stands behind /webhook/ in the address, or behind /webhook-test/ while you test',
});

/**
 * With this n8n hands over a body as it came; else it parses bodies by their content type, which loses the bytes that
 * a signature was made of, and answers by itself (422) where Jellyfin's templates make invalid JSON.
 */
const rawBodies = (): INodeProperties => ({
	displayName: 'Raw body',
	name: 'options',
	type: 'hidden',
	default: { binaryData: true },
});

function optionProperties(trigger: Trigger): INodeProperties[] {
	const fields = fieldsOf(trigger);
	const onForm = Object.fromEntries(Object.entries(fields).filter(([key]) => standsOnForm(fields, key)));
	const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !standsOnForm(fields, key)));
	return [
		...properties(onForm, { literal: true }),
		{
			displayName: 'Options',
			name: collection,
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: properties(rest, { within: 'collection', literal: true }).map(previewed(trigger)),
		},
	];
}

/** Of every trigger here, after its own options. */
export const keepOption = {
	keep: toggle('Keep until the workflow has run', {
		zh: '处理完前保留',
		default: true,
		help: {
			en: 'What comes in is on disk before its sender is answered, and runs again where n8n was killed before the workflow came to its end; off: such events are lost',
			zh: '收到的内容先写入磁盘再回复发送方；若 n8n 在工作流运行完之前中断，会重新运行。关闭后此类事件会丢失',
		},
	}),
} as const;

export const fieldsOf = ({ options }: Trigger): Fields => ({ ...options, ...receptionOptions, ...keepOption });

/** n8n shows what templates make of an event by itself: it runs the node with one. */
const previewed =
	({ preview }: Trigger) =>
	(property: INodeProperties): INodeProperties =>
		preview?.fields.includes(property.name)
			? {
					...property,
					description: [
						property.description,
						'To see the result, listen for a test event: it stands in the output’s “message”.',
					]
						.filter(Boolean)
						.join('. '),
				}
			: property;

/** What must be filled in or chosen, and what hangs on that. Filters do not: n8n's panel would list each event as a trigger. */
export function standsOnForm(fields: Fields, key: string): boolean {
	const field = fields[key];
	if (!field) return false;
	if (field.show) return Object.keys(field.show).every((sibling) => standsOnForm(fields, sibling));
	return isNeeded(field) || (field.kind === 'choice' && !field.optional);
}

/** A flow is finished without anybody touching the sender. */
function playing(trigger: Trigger): INodeProperties[] {
	if (!trigger.samples) return [];
	const names = samplesOf(trigger).map(({ value, by, of }) => ({ name: `${by.en}: ${of.en}`, value }));
	return [
		{
			displayName: 'Play a sample event',
			name: sampleParameter,
			type: 'options',
			noDataExpression: true,
			options: [{ name: 'No: Wait for a Request', value: '' }, ...names],
			default: '',
			description: 'What this sender would send comes at once when the workflow is run by hand',
		},
		{
			displayName: 'While a sample is played nothing is received: choose “No” before you publish the workflow',
			name: `${sampleParameter}Notice`,
			type: 'notice',
			default: '',
			displayOptions: { show: { [sampleParameter]: names.map(({ value }) => value) } },
		},
	];
}

/** What to do with the address, beside the form. */
function panel({ receives, panel: places = [] }: Trigger): TriggerPanelDefinition {
	const list = places.length ? `<ul>${places.map(({ en }) => `<li>${en}</li>`).join('')}</ul>` : '';
	return {
		header: receives ? '' : 'Paste the URL where the sender asks for a webhook',
		executionsHelp: {
			inactive: `<b>While you build</b>, give the sender the test URL, press the button, and let the sender send its test.${list}`,
			active: `<b>Published</b>, the workflow takes what comes to the production URL.${list}`,
		},
		activationHint: 'Once you publish the workflow it takes what comes to the production URL.',
	};
}
