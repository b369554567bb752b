import { isPlace } from '../base/addresses';
import type { NodeSet } from './set';
import {
	choice,
	list,
	multiline,
	number,
	picks,
	secret,
	toggle,
	url,
	type Field,
	type Fields,
	type Json,
	type Values,
} from '../base/field';
import type { Http, Network } from '../http/http';
import type { Replies, VendorJson } from '../http/service';
import type { Language, Text } from '../base/language';
import type { Limit } from '../base/limit';
import { proxyAddress } from '../base/percent';
import type { Asked, Listed } from '../base/pick';
import type { Dialect } from '../markup';
import { messageFields } from '../message/compose';
import type { Attachment, Button, Level, Message } from '../message/message';
import type { KeyValues } from '../state/store';

/** What a channel shows natively. Whatever is absent degrades: title → first line, fields and links → lines, the rest is dropped and said. */
export interface Renders {
	/** The dialect that `message.body` arrives in. */
	markup: Dialect;
	/** Of the body. */
	limit: Limit;
	/** Of the body of the first part when it stands beside an image (a caption). */
	captionLimit?: Limit;
	/** Of a title of its own. */
	title?: Limit;
	/** The form in which it takes pictures. `both`: whichever there is, bytes where the URL is not public, or refused (`because`). */
	image?: 'url' | 'bytes' | 'both';
	attachments?: 'url' | 'bytes' | 'both';
	/** How many buttons, whether they may do more than open a link, and how long label and value may be. */
	buttons?: { most: number; values?: boolean; text?: Limit; value?: Limit };
	/** How many name–value pairs. */
	fields?: number;
	/** Of each name and each value: with a longer one the pairs become lines, which have room. */
	fieldText?: Limit;
	mentions?: boolean;
	/** Text with the service's own ways to mention somebody made harmless, as far as the markup's escapes do not: only `mentions` ring. */
	unring?(text: string): string;
	level?: boolean;
	/** A link of its own that the notification opens. */
	url?: boolean;
	/** One message only: what is too long is cut, never split. */
	single?: boolean;
	/** As its definition says. */
	silent?: true;
}

/** A picture or file on its way out: a public URL, bytes, or both. */
export interface File {
	name: string;
	mime: string;
	url?: string;
	data?: Uint8Array;
}

/** One part of a message in the channel's own form: escaped, within its limits, with nothing in it that the channel cannot show. */
export interface Rendered {
	/** Plain text, cut to `renders.title`; absent where the channel has no title of its own. */
	title?: string;
	/** In the channel's dialect. The whole of it may be '' when there is an image or attachment. */
	body: string;
	/** The dialect of this part: that of `renders`, or `plain` after the service refused the markup. */
	markup: Dialect;
	/** From 0. Image and attachments come with the first part, buttons with the last. */
	index: number;
	count: number;
	image?: File;
	attachments: File[];
	buttons: Button[];
	fields: { name: string; value: string; short?: boolean }[];
	mentions: string[];
	level?: Level;
	url?: string;
	/** It must make no sound. */
	silent?: true;
	/** The message as composed, for what has no common form. */
	source: Message;
}

/** What a channel tells of a part that the service took. */
export interface Sent {
	id?: string | number;
	/** For edit, recall, reply: what this channel's own actions take. */
	handle?: Json;
	/** In what form it went, for `edit` to know what may take its place. */
	form?: string;
	/** It took the place of an earlier message. */
	edited?: true;
	/** The service's answer. */
	raw?: VendorJson;
	/** The service took it, but … (invalid receivers, a relay without uploads). */
	warnings?: Text[];
	/** What was lost on the way: `image`, `buttons` … An entry for each that was; of `text`, `title`, `cut` how many characters. */
	degraded?: Lost[];
}

/** A kind stands for one of it. */
export type Lost = string | { kind: string; count: number };

export interface Call<A extends Fields = Fields> {
	account: Values<A> & CommonAccount;
	/** Bound to the account: base URL, proxy, TLS, time limits, secrets, and the judgement of `replies`. */
	http: Http;
	/** The current access token of a channel that has `token`. */
	token(): Promise<string>;
	/** What the channel itself keeps (keys that it made, subscribers): in the host's own store, opened by whoever asks it something first. */
	readonly lasting: KeyValues;
	/** Aborted when the host stops or the deadline passes. Made for whoever asks: `{ ...call }` has none. */
	readonly signal: AbortSignal;
	language: Language;
	now(): number;
}

export interface SendInput<A extends Fields = Fields, O extends Fields = Fields> extends Call<A> {
	message: Rendered;
	/** The targets of this call: one where `target.each`, else all. */
	to: string[];
	options: Values<O>;
	/** Runs once for this message and target, however often the send is tried: uploads, the first half of a two-step send. */
	step<T>(name: string, run: () => Promise<T>): Promise<T>;
	/** Says where the picture is, as plain text, for a picture that is refused once the text is out; '' where readers may not have its address. */
	linkToImage(): string;
}

/** What `send` told of a part that may be replaced. */
export type Replaced = Pick<Sent, 'form'> & { handle: Json };

export type EditInput<A extends Fields = Fields, O extends Fields = Fields> = SendInput<A, O> & Replaced;

/** At most `count` sends in `seconds`, for the account or for each of its targets. */
export interface Pace {
	count: number;
	seconds: number;
	per?: 'target';
	/** The targets that it holds for (a service's groups); by default all. */
	only?(target: string): boolean;
}

export interface Target<A extends Fields = Fields> {
	label: string;
	zh: string;
	help?: Text;
	placeholder?: string;
	/** Those that the service itself lists. */
	list?(call: Call<A> & Asked): Promise<Listed>;
	/** What is typed by hand; by default an id. */
	byHand?: Text;
	/** Sends go without one (a robot that knows its group). */
	optional?: true;
	/** What is sent may hold the message's own `to`, for the service to read. */
	passedOn?: true;
	/** One call for each target; without it one call takes them all. */
	each?: true;
}

export interface Action<A extends Fields = Fields, I extends Fields = Fields> {
	/** Title Case, as n8n's operations are: "Edit Message". */
	name: string;
	zh: string;
	description?: Text;
	/** What it is done to; by default a message. */
	resource?: 'message' | 'file' | 'contact' | 'menu' | 'api';
	fields: I;
	run(call: Call<A> & { input: Values<I>; file(attachment: Attachment): Promise<File> }): Promise<VendorJson>;
}

export interface ChannelDefinition<A extends Fields, O extends Fields> {
	/** File name, export name and n8n node name. */
	id: string;
	set?: NodeSet;
	name: string;
	zh: string;
	docs: string;
	/** More words to find the node by. */
	aliases?: readonly string[];
	/** How it reaches its service; `http` gets base URL, proxy and TLS fields' common behaviour. */
	transport?: 'http' | 'smtp' | 'websocket' | 'local';
	renders:
		Renders | ((input: { options: Values<O>; account: Values<A> & CommonAccount; message: Message }) => Renders);
	/** It sends files as bytes, at least in some of its forms. */
	takesFiles?: true;
	/** It can deliver without a sound, at least in some of its forms. */
	silent?: true;
	replies?: Replies;
	pace?: readonly Pace[];
	/** Where the account's secrets are found at the service, click by click. */
	where?: readonly Text[];
	account: A;
	target?: Target<NoInfer<A>>;
	options: O;
	/** Gets a fresh access token; it is cached for `seconds`, less a safety margin. */
	token?(call: Omit<Call<A>, 'token' | 'lasting'>): Promise<{ value: string; seconds: number }>;
	send(input: SendInput<A, O>): Promise<Sent>;
	/** Those whom a message may mention, where the service lists them. */
	people?(call: Call<A> & Asked): Promise<Listed>;
	/**
	 * Puts a part in the place of one that was sent before; the same twice does no harm. `undefined`: a message of that
	 * form cannot take its place, and nothing was asked of the service. `byKey`: sending under the same key replaces by itself.
	 */
	edit?: 'byKey' | ((input: EditInput<A, O>) => Promise<Sent | undefined>);
	/** Checks an account without sending anything; throws where it is refused. */
	verify?(call: Call<A>): Promise<unknown>;
	actions?: Readonly<Record<string, Action<A, never>>>;
	/** Ends what `send` keeps open (pooled SMTP connections); called when the host closes the account or stops. */
	close?(): Promise<void> | void;
}

/** A channel as hosts and `deliver` see it. */
export interface Channel extends Omit<
	ChannelDefinition<Fields, Fields>,
	'renders' | 'actions' | 'send' | 'edit' | 'verify' | 'token' | 'people'
> {
	readonly type: 'channel';
	readonly renders: (input: {
		options: Values<Fields>;
		account: Values<Fields> & CommonAccount;
		message: Message;
	}) => Renders;
	readonly actions: Readonly<Record<string, Action>>;
	/** What its node may say of a message beyond title and text. */
	readonly parts: Fields;
	/** The node's own target, where the channel has one; the account holds the default under the same key, `to`. */
	readonly to?: Field<string[]>;
	send(input: SendInput): Promise<Sent>;
	edit?: 'byKey' | ((input: EditInput) => Promise<Sent | undefined>);
	verify?(call: Call): Promise<unknown>;
	token?(call: Omit<Call, 'token' | 'lasting'>): Promise<{ value: string; seconds: number }>;
}

const languageField = {
	language: choice(
		'Language',
		{ en: ['English', '英语'], zh: ['Chinese', '中文'] },
		{
			zh: '语言',
			help: { en: 'Of this account’s texts and errors', zh: '该账号的文案与报错所用的语言' },
			default: 'en',
		},
	),
};

const networkFields = {
	proxy: secret('Proxy', {
		zh: '代理',
		optional: true,
		placeholder: 'http://user:password@host:3128, socks5://host:1080',
		help: { en: 'An HTTP or SOCKS5 proxy for this account alone', zh: '仅用于该账号的 HTTP 或 SOCKS5 代理' },
		check: (value) =>
			/^(https?|socks5h?):\/\/[^/]+/i.test(proxyAddress(value)) && URL.canParse(proxyAddress(value))
				? undefined
				: {
						en: 'must be host:port, or start with http://, https:// or socks5://',
						zh: '必须是 主机:端口，或以 http://、https://、socks5:// 开头',
					},
	}),
	caCertificate: multiline('CA certificate', {
		zh: 'CA 证书',
		optional: true,
		placeholder: '-----BEGIN CERTIFICATE-----',
		help: { en: 'PEM, for a server with a certificate of your own', zh: 'PEM 格式，用于自签证书的服务器' },
	}),
	allowInsecureTls: toggle('Allow insecure TLS', {
		zh: '不校验证书',
		help: { en: 'Accepts any certificate: only inside your own network', zh: '接受任何证书：仅限自己的内网使用' },
	}),
};

const pictureFields = {
	defaultImage: url('Default image', {
		zh: '默认图片',
		optional: true,
		help: { en: 'Sent where a message has no picture of its own', zh: '消息没有图片时使用' },
	}),
	pictureOrigins: list('Picture servers', {
		zh: '图片服务器',
		optional: true,
		placeholder: 'http://192.168.1.20:8096, nas.local, 192.168.1.0/24',
		help: {
			en: 'Servers of your own network (a camera, a media server) that pictures and files may be fetched from; a host alone means all its ports. With a proxy, public addresses are resolved and guarded by the proxy; these are asked directly',
			zh: '允许从中获取图片和文件的内网服务器（摄像头、媒体服务器等）；只填主机名表示其所有端口。使用代理时，公网地址由代理解析和把关；此处的地址直接访问',
		},
		check: (origins: string[]) =>
			origins.every(isPlace)
				? undefined
				: {
						en: 'must be addresses such as http://192.168.1.20:8096, nas.local or 192.168.1.0/24',
						zh: '必须是地址，例如 http://192.168.1.20:8096、nas.local 或 192.168.1.0/24',
					},
	}),
};

/** What accounts ask for beside what their service wants. */
export const commonFields = { ...pictureFields, ...languageField, ...networkFields };

/** Fields that accounts have whatever their service is; some are absent on channels that have no use for them. */
export interface CommonAccount extends Network {
	language: Language;
	baseUrl?: string;
	to?: string[];
	defaultImage?: string;
	pictureOrigins?: string[];
}

const overflows = { split: ['Send in several parts', '分多条发送'], cut: ['Cut at the end', '截断末尾'] } as const;

/** How any channel's node delivers. Every node has these after its own options. */
export const deliveryOptions = {
	overflow: choice('Too long', overflows, { zh: '超长时', default: 'split' }),
	maxParts: number('At most so many parts', {
		zh: '最多分几条',
		default: 10,
		min: 1,
		max: 100,
		integer: true,
		show: { overflow: ['split'] },
		help: {
			en: 'What is longer ends with a sentence that says how much is missing',
			zh: '仍超出时，末尾会注明还有多少内容未发送',
		},
	}),
	attempts: number('Attempts', {
		zh: '尝试次数',
		default: 4,
		min: 1,
		max: 20,
		integer: true,
		help: {
			en: 'How often a send is tried when the service is busy or out of reach',
			zh: '服务繁忙或无法连接时最多尝试几次',
		},
	}),
	deadline: number('Time limit (seconds)', {
		zh: '总时限（秒）',
		// Long enough for some hundred messages to wait for their turn: late is better than never.
		default: 900,
		min: 1,
		max: 86_400,
		help: { en: 'Waiting and retries included', zh: '包含等待与重试' },
	}),
	repeatUnknown: toggle('Repeat when in doubt', {
		zh: '结果不明时重发',
		help: {
			en: 'When the connection died before an answer came, send again: better twice than never',
			zh: '连接在收到回复前中断时再发一次：宁可重复，不可遗漏',
		},
	}),
} as const;

/** Of channels that take files. */
const overflowToFile = choice(
	'Too long',
	{ ...overflows, file: ['Send the beginning, and the whole as a file', '发送开头，全文作为文件附上'] },
	{ zh: '超长时', default: 'split' },
);

export const allowToOption = {
	allowTo: toggle('Recipient from the message', {
		zh: '允许消息指定接收者',
		help: { en: 'Uses the message’s own “to” where it has one', zh: '消息带有 to 时以它为准' },
	}),
} as const;

export type DeliveryOptions = Values<Omit<typeof deliveryOptions, 'overflow'>> & {
	overflow: 'split' | 'cut' | 'file';
};

export function defineChannel<const A extends Fields, const O extends Fields>(
	definition: ChannelDefinition<A, O>,
): Channel {
	const { renders, target, silent, transport = 'http' } = definition;
	const rendersOf = (typeof renders === 'function' ? renders : () => renders) as Channel['renders'];
	const targetField = target && targetOf(target as Target);
	const takesImages =
		typeof renders === 'function' || renders.image !== undefined || renders.attachments !== undefined;
	return {
		...(definition as unknown as ChannelDefinition<Fields, Fields>),
		type: 'channel',
		transport,
		account: {
			...definition.account,
			...(targetField && { to: targetField as Field }),
			...(takesImages && pictureFields),
			...languageField,
			...(transport !== 'local' && networkFields),
		},
		options: {
			...definition.options,
			...(target && allowToOption),
			...deliveryOptions,
			...(definition.takesFiles && { overflow: overflowToFile }),
		},
		renders: silent ? (input) => ({ ...rendersOf(input), silent }) : rendersOf,
		actions: (definition.actions ?? {}) as unknown as Channel['actions'],
		parts: partsFor(definition),
		to: targetField as Field<string[]> | undefined,
	};
}

/** A form has no place for what its channel cannot do. */
function partsFor({
	edit,
	silent,
	people,
}: Pick<ChannelDefinition<never, never>, 'edit' | 'silent' | 'people'>): Fields {
	const { edit: replacing, silent: silence, ...all } = messageFields;
	const { label, help } = all.mentions;
	const listed = people && picks(label.en, { zh: label.zh, optional: true, help, list: people as never });
	return {
		...all,
		// They keep their places.
		...(listed && { mentions: listed as Field }),
		...(edit !== undefined && { edit: replacing }),
		...(silent && { silent: silence }),
	};
}

function targetOf({ label, zh, help, placeholder, list: listed, byHand }: Target): Field<string[]> {
	const options = { zh, help, placeholder, optional: true } as never;
	return listed
		? picks(label, { ...(options as object), list: listed, ...(byHand && { byHand }) } as never)
		: list(label, options);
}

/** One thing that only this service can do. Its fields' types flow into `run`. */
export const action =
	<A extends Fields>() =>
	<const I extends Fields>(definition: Action<A, I>): Action<A, never> =>
		definition as unknown as Action<A, never>;

/** Re-exported so that a channel file needs one import. */
export * from '../base/field';
export { matching, searching, type Asked, type Item, type Listed } from '../base/pick';
export { bytes, chars, jsonBytes, utf16, visible, weightOf, type Limit } from '../base/limit';
export { ChannelError, invalid } from '../base/errors';
export type { ErrorRow, Replies } from '../http/service';
