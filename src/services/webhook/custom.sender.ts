import { hash } from 'node:crypto';
import { withoutSecretsInTurns } from '../../core/base/secretNames';
import { atOnce, type Turns } from '../../core/base/turns';
import type { Attachment, Level } from '../../core/message/message';
import { formatOf } from '../../core/message/synonyms';
import { isTemplate, renderTemplate } from '../../core/message/template';
import { outline } from '../../core/base/outline';
import { noteInTurns } from '../../core/receive/note';
import { entry, imageMime, isRecord, items, picture, text, webUrl } from '../../core/receive/reading';
import { shownLink } from '../../core/base/shownLink';
import { defineSender, type Context, type Mapped, type Reading } from '../../core/define/sender';

/** Whatever a script posts: what the user mapped by JSON path or template, and the usual names for the rest. */
export const custom = defineSender({
	id: 'custom',
	name: 'Custom',
	zh: '自定义',
	last: true,
	samples: {
		message: {
			title: 'Backup finished',
			message: '12 GB in 8 minutes',
			level: 'success',
			url: 'https://nas.example.com',
		},
	},

	recognise: (body) =>
		(isRecord(body) && Object.keys(body).length > 0) || (typeof body === 'string' && body.trim() !== '') ? 0.1 : 0,

	read: (body, context) => atOnce(reading(body, context)),
	readInTurns: reading,
});

function* reading(body: unknown, context: Context): Turns<Reading[]> {
	const mapped = (part: Mapped) => fromMapping(part, body, context);
	const to = mapped('to') ?? guess(body, 'to');
	const words = yield* wordsOf(body);
	const titled = (yield* shown(mapped('title'))) ?? words.title;
	// What has no end is no title, whatever it is called.
	const [title, long] = (titled?.length ?? 0) > longestTitle ? [undefined, titled] : [titled, undefined];
	const mappedBody = yield* shown(mapped('body'));
	const type = text(mapped('type'), guess(body, 'type'));
	// `"type": "failure"` says how grave it is, and not what happened.
	const isLevel = levelOf(type) !== undefined;
	const { image, attachments } = filesOf(body, mapped('image') ?? guess(body, 'image'), context.files);
	const key = text(mapped('key'));
	const isText = typeof body === 'string';
	return [
		yield* noteInTurns(
			{
				source: 'custom',
				type: type && !isLevel && /^[\w.-]{1,60}$/.test(type) ? type : 'message',
				rawType: type ?? 'message',
				// What we made lines of is no markup.
				format:
					mappedBody === undefined ? (words.isOutline ? 'text' : formatIn(body, context)) : context.format,
				title: title?.replace(/\s+/g, ' '),
				body: [long, mappedBody ?? words.body].filter(Boolean).join('\n\n'),
				verbatim: isText || (mappedBody === undefined && words.isOutline),
				url: shownLink(mapped('url'), guess(body, 'url')),
				image,
				attachments,
				to: Array.isArray(to) ? to.map((one) => text(one)).filter((one) => one !== undefined) : text(to),
				level: levelOf(mapped('level')) ?? levelIn(body),
				...(isSet(body, 'silent') && { silent: true }),
				...(isSet(body, 'edit') && { edit: true }),
				...(key !== undefined && { key, sameKey: key }),
				...(key === undefined && guessedKey(body)),
				same: [body, ...context.files.map(({ data }) => hash('sha256', data, 'base64url'))],
				raw: body,
			},
			context,
		),
	];
}

/** Characters. */
const longestTitle = 10_000;

/** As another Carillon says it. */
const isSet = (body: unknown, name: 'edit' | 'silent') => isRecord(body) && usualOf(body).get(name) === true;

/** As Apprise, PushPlus and other relays say of what they pass on. */
const formatIn = (body: unknown, context: Context) =>
	(isRecord(body) && formatNames.map((name) => formatOf(usualOf(body).get(name))).find(Boolean)) || context.format;

/** A key that the sender gives by itself names what may be told of again in other words: these ring too. */
function guessedKey(body: unknown): { key?: string } {
	const key = text(guess(body, 'key'));
	return key === undefined ? {} : { key };
}

function fromMapping(part: Mapped, body: unknown, context: Context): unknown {
	const source = context.mapping[part];
	if (!source) return undefined;
	if (!isTemplate(source)) return atPath(body, source);
	const output = part === 'body' && context.format === 'markdown' ? 'markdown' : 'text';
	return renderTemplate(
		source,
		{ ...(isRecord(body) && body), body },
		{ output, timeZone: context.timeZone, field: `custom${part[0]?.toUpperCase()}${part.slice(1)}` },
	);
}

/** `$.alert.labels[0].name`, also without `$.`; `[*]` and negative places work on lists. Undefined where it leads nowhere. */
export function atPath(value: unknown, path: string): unknown {
	const steps = path.replace(/^\$\.?/, '').matchAll(/\[\s*(?:"([^"]*)"|'([^']*)'|(-?\d+|\*))\s*\]|([^.[\]]+)/g);
	let found: unknown[] = [value];
	let many = false;
	for (const [, double, single, place, name] of steps) {
		const key = double ?? single ?? name;
		if (place === '*' || key === '*') many = true;
		found = found.flatMap((one): unknown[] => {
			if (place === '*' || key === '*') return Array.isArray(one) ? one : isRecord(one) ? Object.values(one) : [];
			if (Array.isArray(one)) return /^-?\d+$/.test(place ?? key ?? '') ? [one.at(Number(place ?? key))] : [];
			return isRecord(one) ? [entry(one, place ?? key ?? '')] : [];
		});
	}
	const present = found.filter((one) => one !== undefined && one !== null);
	return many && present.length > 1 ? present : present[0];
}

/** What is a level and nothing else: Apprise's `notify_type`, loggers' and monitors' own. */
const levelNames = [
	...['level', 'severity', 'notify_type', 'notifytype', 'notification_type', 'notificationtype'],
	...['log_level', 'loglevel', 'alert_level', 'alertlevel', 'levelname', '级别', '等级'],
];

/** The names under which scripts and the web hooks of chat services carry each part; the first one that is there counts. */
const usual: Readonly<Record<Mapped, readonly string[]>> = {
	title: ['title', 'subject', '标题', 'summary', 'headline', 'subtitle', 't'],
	body: ['content', 'text', 'body', 'message', 'msg', 'desp', 'markdown', 'description', '内容', 'html', 'c'],
	url: ['url', 'link', 'href', 'click'],
	image: ['imageurl', 'image_url', 'image', 'picurl', 'pic', 'img', 'picture', 'screenshot'],
	to: ['to', 'send_to', 'to_group'],
	level: [...levelNames, 'type', 'status', 'result'],
	key: ['key'],
	type: ['type', 'event', 'eventtype', 'event_type'],
};

const formatNames = ['format', 'template', 'contenttype', 'content_type'];
const fileLists = ['attachments', 'attachment', 'attach', 'files', 'images', 'pictures'];
const allUsual: ReadonlySet<string> = new Set([
	...Object.values(usual).flat(),
	...fileLists,
	...formatNames,
	...['data', 'edit', 'silent'],
]);
const known = new WeakMap<object, ReadonlyMap<string, unknown>>();

/** What it has under usual names, in any case; read once for all parts, however many others there are. */
function usualOf(body: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
	let found = known.get(body);
	if (!found) {
		const named = Object.keys(body).map((key) => [key.toLowerCase(), key] as const);
		found = new Map(named.filter(([name]) => allUsual.has(name)).map(([name, key]) => [name, body[key]]));
		known.set(body, found);
	}
	return found;
}

/** A value in one piece, or a list of people. */
function guess(body: unknown, part: Exclude<Mapped, 'title' | 'body'>): unknown {
	if (!isRecord(body)) return undefined;
	const byName = usualOf(body);
	return usual[part]
		.map((name) => byName.get(name))
		.find((value) => isSaid(value) && (typeof value !== 'object' || (part === 'to' && Array.isArray(value))));
}

const isSaid = (value: unknown) =>
	value !== undefined && value !== null && (typeof value !== 'string' || value.trim() !== '');

/** As readers see them. */
interface Words {
	title?: string;
	body?: string;
	/** The body is what we made of a value that is no text. */
	isOutline: boolean;
}

/** Two forms of one text: the plainer one is taken. */
const otherForms: ReadonlySet<string> = new Set(['html', 'markdown']);
/** One letter may stand for anything, unless nothing else is there. */
const isLong = (name: string) => name.length > 1;

/** What it says: the title, and every other text under a usual name; where there is none, the whole of it as lines. */
function* wordsOf(body: unknown, depth = 0): Turns<Words> {
	if (!isRecord(body)) {
		if (typeof body === 'string') return { body: yield* shown(body), isOutline: false };
		return { body: yield* shown(body), isOutline: true };
	}
	const byName = usualOf(body);
	const titled = usual.title.find((name) => isSaid(byName.get(name)) && typeof byName.get(name) !== 'object');
	const bodied = usual.body.filter((name) => isSaid(byName.get(name)));
	// ServerChan's old form: `text` is its title.
	const isServerChan = titled === undefined && bodied.includes('desp') && typeof byName.get('text') === 'string';
	const titleName = isServerChan ? 'text' : titled;
	const first = bodied.find((name) => name !== titleName);
	const names = [first, ...bodied.filter((name) => !otherForms.has(name)), ...usual.title].filter(
		(name, at, all) =>
			name !== undefined && name !== titleName && all.indexOf(name) === at && (name === first || isLong(name)),
	) as string[];
	const texts: string[] = [];
	let title = titleName === undefined ? undefined : yield* shown(byName.get(titleName));
	let isOutline = false;
	for (const name of names) {
		const value = byName.get(name);
		// `{"msgtype":"markdown","markdown":{"title":…,"text":…}}`, as bodies for DingTalk and WeCom robots are.
		const inner = isRecord(value) && depth < 3 && hasWords(value) ? yield* wordsOf(value, depth + 1) : undefined;
		title ??= inner?.title;
		const said = inner?.body ?? (yield* shown(value));
		if (said === undefined || texts.some((text) => text.includes(said)) || said === title) continue;
		isOutline ||= inner?.isOutline ?? typeof value === 'object';
		texts.push(said);
	}
	if (texts.length > 0) return { title, body: texts.join('\n\n'), isOutline };
	// An envelope, with nothing on it that says anything.
	const data = byName.get('data');
	const inside = isRecord(data) && depth < 3 && hasWords(data) ? yield* wordsOf(data, depth + 1) : undefined;
	if (inside && (inside.body !== undefined || inside.title !== undefined))
		return { title: title ?? inside.title, body: inside.body, isOutline: inside.isOutline };
	// Where nothing has a value, the names are all there is.
	if (title === undefined) {
		const told = yield* shown(body);
		return { body: told ?? Object.keys(body).slice(0, 50).join(', '), isOutline: true };
	}
	// Nothing but a title is known by its name; the rest is told beneath it.
	const rest = outline(body, (name) => isTaken(name.toLowerCase(), titleName));
	return { title, body: rest || undefined, isOutline: true };
}

/** Whether something of it is known by its name. */
const hasWords = (value: Readonly<Record<string, unknown>>) =>
	[...usual.title, ...usual.body].some((name) => isSaid(usualOf(value).get(name)));

const taken: ReadonlySet<string> = new Set([
	...usual.url,
	...usual.image,
	...usual.to,
	...usual.key,
	...usual.type,
	...levelNames,
	...fileLists,
]);
const isTaken = (name: string, titleName: string | undefined) => name === titleName || taken.has(name);

/** A text, or a value as lines that a person reads; `undefined` where it says nothing. */
function* shown(value: unknown): Turns<string | undefined> {
	if (typeof value === 'boolean') return String(value);
	if (typeof value === 'string') {
		const said = value.trim();
		return said === '' ? undefined : /^[{[]/.test(said) ? yield* withoutSecretsInTurns(said) : said;
	}
	if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
		return items(value).map(String).join('\n') || undefined;
	return typeof value === 'object' && value !== null ? outline(value) || undefined : text(value);
}

const mostFiles = 20;

/** Pictures and files, by whatever name a sender gives them: as values, in a list, or as parts of a form. */
function filesOf(
	body: unknown,
	single: unknown,
	parts: Context['files'],
): { image?: Attachment; attachments?: Attachment[] } {
	const lists = isRecord(body) ? fileLists.map((name) => usualOf(body).get(name)) : [];
	const found = [
		...lists.flatMap((list) => (Array.isArray(list) ? list : [list]).slice(0, mostFiles)).map(enclosed),
		...parts.slice(0, mostFiles).map(filePart),
	].filter((file) => file !== undefined);
	const image = picture(single, 'picture') ?? found.find(isPicture);
	const attachments = found.filter((file) => file !== image);
	return { ...(image && { image }), ...(attachments.length > 0 && { attachments }) };
}

const filePart = ({ filename, mime, data }: Context['files'][number]): Attachment | undefined =>
	data.length === 0
		? undefined
		: { data, mime: imageMime(data) ?? mime ?? 'application/octet-stream', ...(filename && { name: filename }) };

const isPicture = (file: Attachment) =>
	file.mime?.startsWith('image/') ||
	[file.name, 'url' in file ? file.url : ''].some((name) =>
		/\.(?:jpe?g|png|gif|webp|bmp)(?:[?#]|$)/i.test(name ?? ''),
	);

/** `{filename, base64, mimetype}` as Apprise writes them, and what others do; an address or a data: URL alone. */
function enclosed(value: unknown): Attachment | undefined {
	if (!isRecord(value)) return picture(value, 'picture');
	const pick = (...names: readonly string[]) =>
		text(...names.map((name) => Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1]));
	const name = pick('filename', 'file_name', 'name', 'title');
	const mime = pick('mimetype', 'mime_type', 'mime', 'content_type', 'contenttype', 'media_type', 'type');
	const base64 = pick('base64', 'data', 'content', 'bytes', 'body')
		?.replace(/^data:[^,]{0,100};base64,/, '')
		.replace(/\s+/g, '');
	const about = { ...(name && { name }), ...(mime && /^[\w.+-]+\/[\w.+-]+$/.test(mime) && { mime }) };
	// What is short may be a word, unless it is called a file.
	if (base64 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(base64) && (base64.length >= 8 || name || about.mime)) {
		const data = new Uint8Array(Buffer.from(base64, 'base64'));
		return { mime: imageMime(data) ?? 'application/octet-stream', ...about, data };
	}
	const url = webUrl(pick('url', 'href', 'src', 'image_url', 'imageurl', 'link'));
	return url ? { ...about, url } : undefined;
}

const levels: readonly (readonly [Level, RegExp])[] = [
	[
		'failure',
		/^(?:fail(?:s|ed|ure|ures)?|err|errors?|crit|critical|fatal|emerg|emergency|alert|down|danger|high|panic|失败|错误|严重|异常)(?![\w.])/,
	],
	['warning', /^(?:warn|warnings?|medium|partial|degraded|警告|提醒)(?![\w.])/],
	['success', /^(?:success|succeeded|successful|ok|okay|done|up|passed|resolved|completed|成功|恢复|正常)(?![\w.])/],
	['info', /^(?:info|information|informational|notice|debug|low|normal|信息)(?![\w.])/],
];

export const levelOf = (value: unknown): Level | undefined =>
	levels.find(([, pattern]) => pattern.test(text(value)?.slice(0, 100).toLowerCase() ?? ''))?.[0];

/** The first of the usual names under which there is a level; others there are words of their own. */
function levelIn(body: unknown): Level | undefined {
	if (!isRecord(body)) return undefined;
	const byName = usualOf(body);
	return usual.level.map((name) => levelOf(byName.get(name))).find((level) => level !== undefined);
}
