import { allowToOption, deliveryOptions, text, multiline, type Channel } from '../../core/define/channel';
import { formatField } from '../../core/message/compose';
import { isShown, type Field, type Fields } from '../../core/base/field';
import { receptionOptions } from '../../core/receive/reception';
import type { Flow } from '../../core/define/flow';
import type { Passing } from '../../core/define/passing';
import type { Trigger } from '../../core/define/trigger';

/** One field as a node keeps it. */
export interface Property {
	/** In the node's configuration; where it is `typed`, its type stands beside it as `<name>_type`. */
	name: string;
	/** Of the field in its definition. */
	key: string;
	field: Field;
	section: Section;
	/** What it says something of: the message, or how it is sent. */
	part: 'message' | 'more' | 'option';
	/** The operation that it belongs to; without one it is always there. */
	operation?: string;
	/** May also come from the message, a context, the environment or an expression. */
	typed: boolean;
	/** Kept among the node's credentials: encrypted, never sent to the editor. */
	credential: boolean;
	/** What a new node starts with. */
	initial: { value: unknown; type?: string };
}

/** The groups of a form, in order. `network`, `message` details and `delivery` are folded away. */
export type Section = 'main' | 'details' | 'options' | 'delivery' | 'network';

export const send = 'send';
/** Asks the service whether the account works, and sends nothing. */
export const checkAccount = 'checkAccount';
/** In place of an operation: `msg.operation` names it, and `msg` has what it needs. */
export const fromMsg = 'fromMsg';

/** Node-RED's own properties of any node. */
const reserved = [
	...[
		'id',
		'type',
		'name',
		'z',
		'x',
		'y',
		'w',
		'h',
		'g',
		'd',
		'l',
		'n',
		'wires',
		'env',
		'info',
		'inputs',
		'outputs',
		'label',
	],
	...[
		'icon',
		'users',
		'hasUsers',
		'credentials',
		'changed',
		'moved',
		'dirty',
		'valid',
		'selected',
		'status',
		'ports',
		'resize',
	],
	...['inputLabels', 'outputLabels'],
];
const ofAccounts: ReadonlySet<string> = new Set(reserved);
const ofNodes: ReadonlySet<string> = new Set([
	...reserved,
	...['account', 'operation', 'failures', 'path', 'usual', 'to', 'title', 'message', 'format'],
]);

const ofFlow: ReadonlySet<string> = new Set(reserved);

const free = (key: string, taken = ofNodes) => (taken.has(key) ? `option${capitalised(key)}` : key);
const capitalised = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);

/** The type of a typed input that stands for the value itself. */
export function literal({ kind }: Field): string {
	switch (kind) {
		case 'number':
			return 'num';
		case 'toggle':
			return 'bool';
		case 'choice':
		case 'choices':
		case 'json':
			return kind;
		case 'rows':
			return 'json';
		default:
			return 'str';
	}
}

function initialOf(field: Field): string | boolean | number {
	const { default: value } = field;
	if (value === undefined) return '';
	return Array.isArray(value)
		? value.join(field.kind === 'secrets' ? '\n' : ', ')
		: (value as string | boolean | number);
}

function typedProperty(
	name: string,
	key: string,
	field: Field,
	section: Section,
	operation: string,
	part: Property['part'] = 'option',
): Property {
	const isSecret = field.secret;
	return {
		name,
		key,
		field,
		section,
		part,
		operation,
		typed: !isSecret,
		credential: isSecret,
		initial: isSecret ? { value: '' } : { value: String(initialOf(field)), type: literal(field) },
	};
}

const networkKeys = new Set(['proxy', 'caCertificate', 'allowInsecureTls']);

/** Of an account: plain inputs, since nothing of a message is known there. `${ENV}` works in all of them. */
export function accountProperties(fields: Fields): Property[] {
	return Object.entries(fields).map(([key, field]) => ({
		name: free(key, ofAccounts),
		key,
		field,
		section: networkKeys.has(key) ? 'network' : 'main',
		part: 'option',
		typed: false,
		credential: field.secret,
		initial: {
			value: field.secret
				? ''
				: field.kind === 'choices'
					? [...((field.default as string[] | undefined) ?? [])]
					: initialOf(field),
		},
	}));
}

const titleField = text('Title', {
	zh: '标题',
	optional: true,
	help: { en: 'Empty: that of the message, else msg.topic', zh: '留空则使用消息自带的标题，其次 msg.topic' },
});
const bodyField = multiline('Message', {
	zh: '消息',
	optional: true,
	help: {
		en: 'A text or a message object; anything else goes out as indented JSON',
		zh: '文本或消息对象；其他内容以缩进的 JSON 发出',
	},
});

/** Of the fields that speak of n8n's binary properties: here a message carries Buffers. */
const ownHelp: Record<string, Field['help']> = {
	image: { en: 'An address, or a Buffer in the message', zh: '图片地址，或消息中的 Buffer' },
	attachments: {
		en: 'Addresses separated by commas, or Buffers in the message',
		zh: '文件地址（逗号分隔），或消息中的 Buffer',
	},
};

const isDelivery = (key: string) => key in deliveryOptions || key in allowToOption;

/** Of a channel's node: first what it sends, then its options, then what its other operations need. */
export function channelProperties(channel: Channel): Property[] {
	const to = channel.to && {
		...channel.to,
		help: channel.to.help ?? { en: 'Empty: as the account says', zh: '留空则使用账号中的设置' },
	};
	const message: Property = {
		...typedProperty('message', 'message', bodyField as Field, 'main', send, 'message'),
		initial: { value: 'payload', type: 'msg' },
	};
	return [
		...(to ? [typedProperty('to', 'to', to as Field, 'main', send)] : []),
		typedProperty('title', 'title', titleField as Field, 'main', send, 'message'),
		message,
		typedProperty('format', 'format', formatField as Field, 'details', send, 'message'),
		...Object.entries(channel.parts).map(([key, field]) =>
			typedProperty(
				`message${capitalised(key)}`,
				key,
				{ ...field, help: ownHelp[key] ?? field.help },
				'details',
				send,
				'more',
			),
		),
		...Object.entries(channel.options).map(([key, field]) =>
			typedProperty(free(key), key, field, isDelivery(key) ? 'delivery' : 'options', send),
		),
		...Object.entries(channel.actions).flatMap(([action, { fields }]) =>
			Object.entries(fields as Fields).map(([key, field]) =>
				typedProperty(`${action}${capitalised(key)}`, key, field, 'main', action),
			),
		),
	];
}

/** Of a trigger's node. No message is there yet: what it needs is plain. */
export function triggerProperties(trigger: Trigger): Property[] {
	const plain = (fields: Fields, section: Section) =>
		Object.entries(fields).map(([key, field]): Property => ({
			name: free(key),
			key,
			field,
			section,
			part: 'option',
			typed: false,
			credential: field.secret,
			initial: {
				value: field.secret
					? ''
					: field.kind === 'choices'
						? [...((field.default as string[] | undefined) ?? [])]
						: initialOf(field),
			},
		}));
	return [...plain(trigger.options, 'main'), ...plain(receptionOptions as unknown as Fields, 'delivery')];
}

/** Of a flow node: what may be another for each message comes from it; the rest is the node's. */
export function flowProperties({ fields, each = [], ...flow }: Flow | Passing): Property[] {
	const details: readonly string[] = ('details' in flow && flow.details) || [];
	return Object.entries(fields).map(([key, field]): Property => {
		const isDetail = details.includes(key);
		const shown = isDetail ? { ...field, help: ownHelp[key] ?? field.help } : field;
		const part = isDetail ? 'more' : 'option';
		const typed = typedProperty(
			free(key, ofFlow),
			key,
			shown,
			isDetail ? 'details' : key === 'store' ? 'options' : 'main',
			send,
			part,
		);
		return each.includes(key)
			? { ...typed, operation: undefined }
			: { ...typed, operation: undefined, typed: false, initial: { value: initialOf(field) } };
	});
}

/** Must be filled in by hand where it is shown. */
export const isRequired = (field: Field) =>
	!field.optional && field.default === undefined && field.kind !== 'toggle' && field.kind !== 'choices';

/** Whether nodes cannot do without an account: one that is left as it is lacks something. */
export const needsAccount = (fields: Fields) =>
	Object.entries(fields).some(([key, field]) => isRequired(field) && isShown(fields, key, {}));

export const typeOf = (id: string) => `carillon-${id}`;
export const accountTypeOf = (id: string) => `carillon-${id}-account`;
/** Of flow nodes: where they keep what they remember. */
export const storeAccount = accountTypeOf('store');
export const triggerAccountType = (trigger: Trigger) => accountTypeOf(trigger.accountOf ?? trigger.id);

/** webhookTrigger → /carillon/webhook */
export const defaultPath = ({ id }: Trigger) => `/carillon/${id.replace(/Trigger$/, '')}`;
