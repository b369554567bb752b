import { types } from 'node:util';
import { bytesWritten, extension, isDrawing, sniff, textIn } from './bytes';
import { invalid } from '../base/errors';
import { choice, list, pairs, read, rows, text, toggle, type Field, type Json, type Values } from '../base/field';
import { listIn } from '../base/rows';
import { incomingMessage } from './incoming';
import type { Language } from '../base/language';
import { type Attachment, type Message, bytesOf } from './message';
import { formatOf, levelOf, truthOf } from './synonyms';

/** How a node's own text is read. Nothing chosen: as the message that it comes from says, else Markdown. */
export const formatField = choice(
	'Format',
	{ markdown: ['Markdown', 'Markdown'], text: ['Plain text', '纯文本'], html: ['HTML', 'HTML'] },
	{
		zh: '格式',
		optional: true,
		help: {
			en: 'What the message is written in; empty: as it says itself, else Markdown. Choose plain text for logs and other output of programs',
			zh: '消息正文所用的格式；留空以消息自带的为准，否则为 Markdown。日志等程序输出请选纯文本',
		},
	},
);

/** What a channel's node may say of a message beyond title and text. Whatever stays empty comes from the incoming message. */
export const messageFields = {
	image: text('Picture', {
		zh: '图片',
		optional: true,
		help: { en: 'An address, or the name of a binary property', zh: '图片地址，或二进制属性名' },
	}),
	url: text('Link', {
		zh: '链接',
		optional: true,
		placeholder: 'https://',
		help: { en: 'Opened by the notification', zh: '点击通知后打开' },
	}),
	buttons: rows(
		'Buttons',
		{
			text: text('Text', { zh: '文字' }),
			url: text('Link', { zh: '链接', optional: true, placeholder: 'https://' }),
			value: text('Value', {
				zh: '值',
				optional: true,
				help: {
					en: 'In place of a link: what a chat’s trigger gets when the button is pressed',
					zh: '不填链接时使用：按下按钮后聊天触发器收到的内容',
				},
			}),
			style: choice(
				'Style',
				{ primary: ['Primary', '主要'], danger: ['Danger', '危险'] },
				{ zh: '样式', optional: true },
			),
		},
		{ zh: '按钮', row: { en: 'Button', zh: '按钮' }, optional: true },
	),
	fields: pairs(
		'Fields',
		{
			name: text('Name', { zh: '名称', placeholder: 'Host' }),
			value: text('Value', { zh: '值', placeholder: 'nas' }),
			short: toggle('Short', { zh: '短', help: { en: 'Two of them fit into a line', zh: '可两个并排显示' } }),
		},
		{ zh: '字段', row: { en: 'Field', zh: '字段' }, optional: true },
	),
	attachments: list('Attachments', {
		zh: '附件',
		optional: true,
		help: {
			en: 'Addresses or names of binary properties, separated by commas',
			zh: '文件地址或二进制属性名，用逗号分隔',
		},
	}),
	mentions: list('Mentions', {
		zh: '提醒成员',
		optional: true,
		help: { en: 'Ids in the service’s own form, or @all', zh: '该服务的成员标识，或 @all' },
	}),
	level: choice(
		'Level',
		{
			info: ['Info', '信息'],
			success: ['Success', '成功'],
			warning: ['Warning', '警告'],
			failure: ['Failure', '失败'],
		},
		{ zh: '级别', optional: true },
	),
	type: text('Type', { zh: '类型', optional: true, placeholder: 'task.failed' }),
	key: text('Key', {
		zh: '去重键',
		optional: true,
		help: { en: 'The same key stands for the same happening', zh: '相同的键表示同一事件' },
	}),
	// No toggles: one that nobody touched must leave it to the incoming message.
	edit: choice(
		'Edit',
		{ true: ['Yes, in place', '是，就地替换'], false: ['No, send anew', '否，另发一条'] },
		{
			zh: '替换先前消息',
			optional: true,
			help: {
				en: 'In place of the message sent before under the same key; one that is not known goes out anew. Empty: as the incoming message says',
				zh: '替换此前以相同键发送的消息；找不到时另发一条。留空以传入消息为准',
			},
		},
	),
	silent: choice(
		'Silent',
		{ true: ['Yes, without a sound', '是，不响铃'], false: ['No', '否'] },
		{
			zh: '静音',
			optional: true,
			help: {
				en: 'Shown without a sound; empty: as the incoming message says',
				zh: '送达时不响铃；留空以传入消息为准',
			},
		},
	),
} as const;

/** Those that hold a list of objects, which is understood in more forms than the form's own. */
const { buttons: buttonsField, fields: fieldsField, ...plainFields } = messageFields;

/** What a node was told, not yet read. */
export interface Own {
	title?: unknown;
	/** A text, a whole message, or any other value, which goes out as indented JSON. */
	body?: unknown;
	format?: unknown;
	/** Where neither the node nor the message has a title. */
	fallbackTitle?: unknown;
	/** Of sentences that are written for others' errors. */
	language?: Language;
	/** By the keys of `messageFields`; a picture and files may also be bytes, or whole attachments. */
	more?: Readonly<Record<string, unknown>>;
}

/**
 * One message of what the node says and what came in; the node's own words win.
 * @throws ChannelError `Invalid(field)`, also where there is nothing to send
 */
export function compose(own: Own, incoming?: unknown): Message {
	const picture = attachmentIn(own.more?.image);
	const files = filesIn(own.more?.attachments);
	const said = {
		...own.more,
		image: picture ? undefined : own.more?.image,
		attachments: files.named,
		level: levelOf(own.more?.level) ?? own.more?.level,
		edit: truthOf(own.more?.edit) ?? own.more?.edit,
		silent: truthOf(own.more?.silent) ?? own.more?.silent,
	};
	const { attachments, image, edit, silent, ...more } = read(plainFields, said) as Values<typeof plainFields>;
	const added = [...attachments.map(attachmentOf), ...files.whole];
	const lists = {
		buttons: listOf('buttons', buttonsField, own.more?.buttons),
		fields: listOf('fields', fieldsField, own.more?.fields),
	};
	const format = read({ format: formatField }, { format: formatOf(own.format) ?? own.format }).format;
	const came = asMessage(incoming, own.language);
	const base: Partial<Message> = asMessage(own.body, own.language) ?? came ?? {};
	const given = isEmpty(own.body) ? (came ?? incoming) : (asMessage(own.body, own.language) ?? own.body);
	const bytes = bytesOf(given) ?? bytesWritten(given);
	const held = bytes ? undefined : heldIn(isEmpty(own.body) ? incoming : own.body);
	const file = bytes ? enclosed(bytes) : held?.file;
	const body = held ? held.body : file ? '' : bytes ? textIn(bytes)! : bodyOf(given);
	const isOwnText = body !== base.body;
	const message: Message = {
		...base,
		body,
		format: format ?? (isOwnText ? (isText(given) || bytes ? undefined : 'text') : base.format),
		title: line(own.title) ?? line(base.title) ?? line(held?.title) ?? line(own.fallbackTitle),
		...present({ ...more, ...lists } as Parameters<typeof present>[0]),
		...(edit !== undefined && { edit: edit === 'true' }),
		...(silent !== undefined && { silent: silent === 'true' }),
		...file,
		...(image && { image: attachmentOf(image) }),
		...(picture && { image: picture }),
		...(added.length > 0 && { attachments: [...(base.attachments ?? []), ...added] }),
	};
	if (body.trim() === '' && !message.image && !message.attachments?.length) {
		throw invalid('message', {
			en: 'The message is empty: fill in “Message”, or let the input carry one.',
			zh: '消息为空：请填写“消息”，或由输入带来消息。',
		});
	}
	return message;
}

/** As it was given: whoever reads the message leaves out what cannot be used, and tells. */
function listOf(key: string, { label }: Field, given: unknown): unknown {
	try {
		return listIn(given);
	} catch (error) {
		const [why] = (error as Error).message.split('\n');
		throw invalid(key, {
			en: `“${label.en}” is not valid JSON (${why}).`,
			zh: `“${label.zh}”不是有效的 JSON（${why}）。`,
		});
	}
}

export function isMessage(value: unknown): value is Message {
	return typeof value === 'object' && value !== null && typeof (value as { body?: unknown }).body === 'string';
}

/** A message of ours, or what others mean for one. */
function asMessage(value: unknown, language?: Language): Message | undefined {
	// An item that carries one of ours may have a text of another's beside it.
	if (isMessage(value) && !('headers' in value) && !isMessage((value as { message?: unknown }).message)) return value;
	if (bytesOf(value)) return undefined;
	try {
		return incomingMessage(value, language);
	} catch {
		// Something deep in it cannot be looked at.
		return undefined;
	}
}

const isText = (value: unknown) => typeof value === 'string' || isMessage(value);

function isEmpty(value: unknown): boolean {
	if (value === undefined || value === null) return true;
	if (typeof value === 'string') return value.trim() === '';
	if (typeof value !== 'object' || types.isDate(value)) return false;
	return (bytesOf(value)?.byteLength ?? Object.keys(value).length) === 0;
}

function bodyOf(value: unknown): string {
	if (isEmpty(value)) return '';
	if (typeof value === 'string') return value;
	if (isMessage(value)) return value.body;
	if (typeof value === 'bigint') return String(value);
	try {
		return JSON.stringify(value, null, 2) ?? '';
	} catch {
		return JSON.stringify(legible(value, [], { left: mostLegible }), null, 2) ?? '';
	}
}

/** With `…` for what JSON cannot say: what holds itself, a property that throws when it is looked at, and what is more than anybody reads. */
function legible(value: unknown, within: readonly unknown[], budget: { left: number }): unknown {
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null) return value;
	if (within.includes(value) || within.length >= deepest || budget.left-- <= 0) return '…';
	try {
		if ('toJSON' in value) return JSON.parse(JSON.stringify(value)) as unknown;
		const each = (key: string) => legible((value as Record<string, unknown>)[key], [...within, value], budget);
		const attempted = (key: string) => {
			try {
				return each(key);
			} catch {
				return '…';
			}
		};
		const keys = Object.keys(value).slice(0, Math.max(0, budget.left));
		return Array.isArray(value)
			? keys.map(attempted)
			: Object.fromEntries(keys.map((key) => [key, attempted(key)]));
	} catch {
		return '…';
	}
}

/** Levels, and objects altogether. */
const [deepest, mostLegible] = [20, 5_000];
/** Where flows keep bytes in an object: what a request answered with, a file that was read. */
const holders = ['data', 'content', 'payload', 'body', 'buffer', 'file', 'image', 'picture'] as const;

interface Held {
	file?: Pick<Message, 'image' | 'attachments'>;
	title?: unknown;
	body: string;
}

/** Bytes within an object, with the text and title beside them; or a list of nothing else. */
function heldIn(value: unknown): Held | undefined {
	if (typeof value !== 'object' || value === null || isMessage(value)) return undefined;
	if (Array.isArray(value)) {
		const all = value.length > 0 && value.length <= mostHeld ? value.map(bytesOf) : [];
		if (all.length === 0 || all.includes(undefined)) return undefined;
		const files = (all as Uint8Array[]).map((each) => enclosed(each) ?? {});
		const [image, ...more] = files.flatMap(({ image }) => image ?? []);
		const attachments = [...more, ...files.flatMap(({ attachments = [] }) => attachments)];
		const body = (all as Uint8Array[]).flatMap((each) => textIn(each) ?? []).join('\n\n');
		return { file: { ...(image && { image }), ...(attachments.length > 0 && { attachments }) }, body };
	}
	const item = value as Readonly<Record<string, unknown>>;
	const key = holders.find((name) => Object.hasOwn(item, name) && bytesOf(item[name]) !== undefined);
	if (key === undefined) return undefined;
	const bytes = bytesOf(item[key])!;
	const { [key]: _, ...rest } = item;
	const beside = asMessage(rest);
	const name = [rest.filename, rest.fileName, rest.name].find((each) => typeof each === 'string');
	return {
		file: enclosed(bytes, name),
		title: beside?.title ?? rest.title,
		body: [beside?.body, textIn(bytes)].filter(Boolean).join('\n\n'),
	};
}

const mostHeld = 50;

/** Bytes that are a picture go as the picture, others that are no text as a file. */
function enclosed(data: Uint8Array, name?: string): Pick<Message, 'image' | 'attachments'> | undefined {
	const isSvg = isDrawing(data);
	if (data.byteLength === 0 || (!isSvg && textIn(data) !== undefined)) return undefined;
	const mime = isSvg ? 'image/svg+xml' : (sniff(data) ?? 'application/octet-stream');
	const file = { name: name ?? `attachment.${extension(mime)}`, mime, data };
	return pictures.has(mime) ? { image: file } : { attachments: [file] };
}

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp']);

/** A title is one line of text; what is neither text nor number has no good form as one. */
function line(value: unknown): string | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	return String(value).trim() || undefined;
}

/** Bytes, or a whole attachment. */
function attachmentIn(value: unknown): Attachment | undefined {
	const data = bytesOf(value);
	if (data) return { data };
	return typeof value === 'object' && value !== null && ['data', 'url', 'binary'].some((name) => name in value)
		? (value as Attachment)
		: undefined;
}

/** Those that stand for themselves, and what is left for the form to read. */
function filesIn(given: unknown): { whole: Attachment[]; named: unknown } {
	const all = Array.isArray(given) ? (given as unknown[]) : [given];
	const whole = all.flatMap((each) => attachmentIn(each) ?? []);
	if (whole.length === 0) return { whole, named: given };
	return { whole, named: all.filter((each) => !attachmentIn(each)) };
}

function attachmentOf(given: string): Attachment {
	return /^(https?|data):/i.test(given) ? { url: given } : { binary: given };
}

function present(values: Readonly<Record<string, Json | readonly string[] | undefined>>): Partial<Message> {
	return Object.fromEntries(
		Object.entries(values).filter(
			([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
		),
	);
}
