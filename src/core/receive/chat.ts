import type { Access } from '../define/access';
import { invalid } from '../base/errors';
import { list, multiline, text, choice, toggle, type Values } from '../base/field';
import type { Language, Text } from '../base/language';
import type { Happening } from '../define/trigger';

/** What somebody said or pressed in a chat, whichever service it came through. */
export interface ChatEvent {
	/** The id of the channel whose node answers it. */
	channel: string;
	conversation: { id: string; kind: 'private' | 'group' | 'channel'; name?: string };
	user: { id: string; name?: string };
	/** The user is on the admins' list. */
	admin: boolean;
	text: string;
	/** Without the slash, in lower case: `pause` of `/pause 10m`. */
	command?: string;
	args?: string[];
	/** Said in a group where the bot hears everything, and not to it. */
	overheard?: true;
	/** A pressed button or menu item. */
	button?: { value: string; messageId?: string };
	/** `locked`: its address opens for the account's own key alone. */
	files?: { name?: string; mime?: string; url?: string; id?: string; locked?: true }[];
	/** In the form that the channel's own target field takes: an answer sent there lands in the same place (chat, topic, thread). */
	replyTo: string;
	/** The service's own id of this message: the same again is a redelivery. */
	messageId: string;
	/** The id of this happening: delivered again it has the same one. */
	happening?: string;
	/** ISO 8601 */
	time: string;
	/** Commands from a list other than text (menu clicks), subscriptions and the like: the service's name of it. */
	kind: string;
	raw: unknown;
}

/** Who may say what, as every chat trigger lets the user choose. */
export const admissionOptions = {
	users: list('Allowed users', {
		zh: '允许的用户',
		optional: true,
		help: {
			en: 'Ids as the event shows them under user.id: write to the bot once to see yours. Empty: everyone who can reach the bot',
			zh: '即事件中的 user.id：先给机器人发一条消息即可看到自己的 ID。留空表示任何能联系到机器人的人',
		},
	}),
	admins: list('Admins', {
		zh: '管理员',
		optional: true,
		help: {
			en: 'Ids as above, separated by commas; only they may use admin commands',
			zh: '同上，以逗号分隔；仅他们可用管理命令',
		},
	}),
	adminCommands: list('Admin commands', {
		zh: '管理命令',
		optional: true,
		placeholder: 'pause, restart',
		help: { en: 'Without the slash; * for all', zh: '不带斜杠；* 表示全部命令' },
	}),
	strangers: choice(
		'To strangers',
		{ silence: ['Say nothing', '不回应'], refuse: ['Refuse politely', '礼貌拒绝'] },
		{
			zh: '对陌生人',
			default: 'silence',
			help: {
				en: 'In groups only what is said to the bot is refused in words',
				zh: '在群聊中，仅对发给机器人的内容作出拒绝',
			},
		},
	),
	refusal: text('Refusal', {
		zh: '拒绝用语',
		optional: true,
		show: { strangers: ['refuse'] },
		help: { en: 'Empty: a default sentence in the account’s language', zh: '留空则用账号语言的默认句子' },
	}),
	answers: multiline('Fixed answers', {
		zh: '固定回复',
		optional: true,
		placeholder: 'help = I know /last and /pause',
		help: {
			en: 'One a line, command = text: answered at once, besides going into the flow',
			zh: '每行一条：命令 = 文字。立即回复，同时仍进入流程',
		},
	}),
} as const;

/** Beside it the list of commands, where the service has a place for one. */
export const chatOptions = {
	...admissionOptions,
	commands: multiline('Command list', {
		zh: '命令列表',
		optional: true,
		placeholder: 'last = Latest additions',
		help: {
			en: 'One a line, command = description: shown as menu or command list where the service has one',
			zh: '每行一条：命令 = 说明。在支持的服务中显示为菜单或命令列表',
		},
	}),
	pushCommands: toggle('Push the command list', {
		zh: '推送命令列表',
		help: { en: 'Sets it as the bot’s menu when the node starts', zh: '节点启动时设为机器人的菜单' },
	}),
} as const;

export type AdmissionOptions = Values<typeof admissionOptions>;
export type ChatOptions = Values<typeof chatOptions>;

/**
 * Of a chat that people reach by requests. Lists of people mean nothing where anybody may say to be one of them.
 * @throws ChannelError `Invalid(field)`, closed
 */
export function chatAccess(access: Access, { users, admins }: Pick<AdmissionOptions, 'users' | 'admins'>): Access {
	const field = admins.length > 0 ? 'admins' : users.length > 0 ? 'users' : undefined;
	if (access === 'open' && field) throw invalid(field, unchecked);
	return access;
}

const unchecked = {
	en: 'Closed: the lists of users and admins cannot be kept while the account is open to everybody. Let the account check who calls, or empty the lists.',
	zh: '已关闭：账号向所有人开放时，用户与管理员名单形同虚设。请让账号校验调用者，或清空名单。',
};

/** `/pause@my_bot 10m "two words"` → pause, [10m, two words]. Anything without a slash in front is no command. */
export function parseCommand(source: string): { command?: string; args?: string[] } {
	const [, command, rest = ''] =
		/^[/／]([\p{L}\p{N}_-]{1,64})(?:@[\w.-]+)?(?:\s([\s\S]*))?$/u.exec(source.trim()) ?? [];
	if (command === undefined) return {};
	return { command: command.toLowerCase(), args: argumentsOf(rest) };
}

const closing: Readonly<Record<string, string>> = { '"': '"', '“': '”' };

/** Words, and several where they stand in quotes. One pass: whether a quote still closes is asked once for each kind. */
function argumentsOf(source: string): string[] {
	const found: string[] = [];
	const last: Readonly<Record<string, number>> = { '"': source.lastIndexOf('"'), '”': source.lastIndexOf('”') };
	const word = /\S+/gu;
	for (let match = word.exec(source); match; match = word.exec(source)) {
		const { 0: bare, index } = match;
		const close = closing[bare.charAt(0)];
		if (close === undefined || index >= (last[close] as number)) {
			found.push(bare);
			continue;
		}
		const end = source.indexOf(close, index + 1);
		found.push(source.slice(index + 1, end));
		word.lastIndex = end + 1;
	}
	return found;
}

/** `name = text`, one a line; lines without an equals sign are left out. */
export function parseLines(source: string | undefined): { name: string; text: string }[] {
	return (source ?? '').split('\n').flatMap((line) => {
		const [before = '', ...behind] = line.split('=');
		const name = before.trim().replace(/^[/／]/, '');
		const text = behind.join('=').trim();
		return name && text ? [{ name: name.toLowerCase(), text }] : [];
	});
}

export interface Admission {
	/** Goes into the flow. */
	passes: boolean;
	event: ChatEvent;
	/** To be said at once, in place. */
	answer?: string;
}

const refusals = {
	stranger: { en: 'Sorry, I only talk with people I know.', zh: '抱歉，我只与认识的人交谈。' },
	notAdmin: { en: 'Sorry, only admins may do that.', zh: '抱歉，该命令仅限管理员使用。' },
} as const;

/** Who may say what: strangers are refused or met with silence, admin commands are for admins alone. */
export function admit(said: ChatEvent, options: AdmissionOptions, language: Language): Admission {
	const id = said.user.id;
	const admin = options.admins.includes(id);
	const event = { ...said, admin };
	const known = options.users.length === 0 || admin || options.users.includes(id);
	if (!known)
		return {
			passes: false,
			event,
			answer:
				options.strangers === 'refuse' && !(event.overheard && event.command === undefined)
					? (options.refusal ?? refusals.stranger[language])
					: undefined,
		};
	const guarded =
		event.command !== undefined &&
		options.adminCommands.some(
			(each) => each === '*' || each.replace(/^[/／]/, '').toLowerCase() === event.command,
		);
	if (guarded && !admin)
		return {
			passes: false,
			event,
			answer: options.strangers === 'refuse' ? (options.refusal ?? refusals.notAdmin[language]) : undefined,
		};
	const answer =
		event.command === undefined
			? undefined
			: parseLines(options.answers).find(({ name }) => name === event.command)?.text;
	return { passes: true, event, answer };
}

/**
 * A chat event on its way into a flow: `message` answers in place when it is sent on as it is.
 * @param about what happened, in a few words, for events in which nobody says anything
 */
export function chatHappening(event: ChatEvent, language: Language, about?: Text): Happening {
	const { text, files = [], replyTo, kind, time } = event;
	const pictures = files.filter(isPicture).slice(0, mostPictures);
	const [image, ...more] = pictures.map(({ url, name }) => ({ url: url as string, ...(name && { name }) }));
	const left = files.filter((file) => !pictures.includes(file)).map((file) => fileLine(file, language));
	if (text === '' && pictures[0]) left.unshift(fileLine(pictures[0], language));
	const said = [text, ...left].filter((line) => line.trim() !== '').join('\n');
	return {
		event,
		message: {
			body: said || aboutLine(event, language, about),
			format: 'text',
			...(image && { image }),
			...(more.length > 0 && { attachments: more }),
			to: replyTo,
			type: `chat.${kind}`,
			time,
		},
		raw: event.raw,
		key: `${event.channel}:${event.conversation.id}:${event.messageId}`,
		// Feishu delivers again after up to six hours.
		remember: 86_400,
	};
}

/** Of one message; the others are told by name. */
const mostPictures = 10;

type ChatFile = NonNullable<ChatEvent['files']>[number];

/** One that goes along as it is. */
const isPicture = ({ mime, url, locked }: ChatFile) =>
	!locked &&
	mime?.startsWith('image/') === true &&
	url !== undefined &&
	/^https?:\/\//i.test(url) &&
	URL.canParse(url);

const fileWords: readonly (readonly [pattern: RegExp, icon: string, en: string, zh: string])[] = [
	[/^image\//, '🖼', 'Picture', '图片'],
	[/^audio\//, '🎤', 'Voice', '语音'],
	[/^video\//, '🎬', 'Video', '视频'],
	[/^/, '📎', 'File', '文件'],
];

function fileLine({ mime = '', name }: ChatFile, language: Language): string {
	const [, icon, en, zh] = fileWords.find(([pattern]) => pattern.test(mime))!;
	return `${icon} ${name?.replace(/\s+/g, ' ').slice(0, 200) || (language === 'zh' ? zh : en)}`;
}

const nothingSaid: Text = { en: 'Something happened in the chat', zh: '聊天中有新动态' };

function aboutLine({ user, conversation }: ChatEvent, language: Language, about = nothingSaid): string {
	const who = [user.name, conversation.name].filter((name) => name);
	return `ℹ️ ${[about[language], ...new Set(who)].join(' · ')}`;
}

/** Of a message in which there are no words and no file: a sticker, a place, a poll. */
export const wordless: Text = { en: 'A message without text', zh: '一条没有文字的消息' };
