import { hash } from 'node:crypto';
import { jsonReply, relay } from '../../core/receive/relay';
import {
	entry,
	imageMime,
	isRecord,
	items,
	picture,
	record,
	text,
	webUrl,
	type Loose,
} from '../../core/receive/reading';
import { defineDialect } from '../../core/define/sender';
import type { DecodedBody, IncomingRequest, RequestHead } from '../../core/http/incoming';
import type { Attachment, Button, Level } from '../../core/message/message';
import { levelTags, priorities, topicPattern } from './protocol';

const path = /\/ntfy(?:\/([\w-]{1,64}))?(?:\/(?:publish|send|trigger))?\/?$/i;

/** Of its headers, those that nobody else has; each also with `X-` in front. */
const marks = ['title', 'tags', 'click', 'actions', 'attach', 'filename', 'icon', 'markdown'];
const markingHeaders = marks.map((mark) => `x-${mark}`);
const names: Readonly<Record<string, readonly string[]>> = {
	title: ['title', 'ti', 't'],
	message: ['message', 'm'],
	priority: ['priority', 'prio', 'p'],
	tags: ['tags', 'tag', 'ta'],
	click: ['click'],
	actions: ['actions', 'action'],
	attach: ['attach', 'a'],
	filename: ['filename', 'file', 'f'],
	icon: ['icon'],
	markdown: ['markdown', 'md'],
	topic: ['topic'],
};

/** What tools publish to a topic of ntfy: a text with headers, or JSON. */
export const ntfy = defineDialect({
	id: 'ntfy',
	name: 'ntfy',
	zh: 'ntfy 格式',
	where: {
		en: 'for tools that know only ntfy: the address, then /ntfy as server, any topic, and the key as access token',
		zh: '仅支持 ntfy 的工具：服务器填写本地址加 /ntfy，主题任意，访问令牌填写密钥',
	},
	hint: /\bntfy\b/i,
	samples: {
		message: {
			topic: 'nas',
			title: 'Backup finished',
			message: '12 GB in 8 minutes',
			tags: ['white_check_mark'],
			priority: 3,
			click: 'https://nas.example.com/backups',
		},
	},

	recognise: (body) =>
		isRecord(body) &&
		topicPattern.test(text(body.topic) ?? '') &&
		(typeof body.message === 'string' || typeof body.title === 'string') &&
		(Array.isArray(body.tags) ||
			Array.isArray(body.actions) ||
			['click', 'attach', 'markdown'].some((key) => key in body))
			? 0.7
			: 0,

	read(body, context) {
		const given = record(body);
		const urgency = priorityOf(given.priority);
		const tags = items(given.tags).flatMap((tag) => text(tag) ?? []);
		// As our own channel marks a level: that is told as such.
		const isLevel = (tag: string, at: number) => at === 0 && tag === levelTags[levelBy(urgency)];
		const shown = tags.filter((tag, at) => !isLevel(tag, at));
		const emoji = shown.map((tag) => entry(signs, tag)?.[0]).filter((sign) => sign !== undefined);
		const others = tags.filter((tag) => entry(signs, tag) === undefined);
		const attached = webUrl(given.attach);
		const name = text(given.filename);
		const [file] = context.files;
		const own: Attachment | undefined =
			given.file instanceof Uint8Array
				? { data: given.file, mime: imageMime(given.file) ?? 'application/octet-stream', ...(name && { name }) }
				: file && { data: file.data, mime: file.mime ?? 'application/octet-stream', ...(name && { name }) };
		const one: Attachment | undefined = attached ? { url: attached, ...(name && { name }) } : own;
		const isShown =
			one &&
			(('data' in one && one.mime?.startsWith('image/')) ||
				/\.(?:jpe?g|png|gif|webp)(?:\?|$)/i.test(name ?? attached ?? ''));
		const title = text(given.title);
		const said = text(given.message);
		const marked = (words: string | undefined) => words && [...emoji, words].join(' ');
		const told = tags.map((tag) => entry(signs, tag)?.[1]).find(Boolean);
		return [
			relay(
				{
					source: 'ntfy',
					title: marked(title),
					body:
						[
							title === undefined ? marked(said) : said,
							others.length ? others.map((tag) => `#${tag}`).join(' ') : undefined,
						]
							.filter(Boolean)
							.join('\n\n') || undefined,
					format:
						given.markdown === true || /^(?:true|yes|1)$/i.test(text(given.markdown) ?? '')
							? 'markdown'
							: 'text',
					level:
						urgency === priorities.max
							? 'failure'
							: (told ?? (urgency === priorities.high ? 'warning' : undefined)),
					...(urgency !== undefined && urgency <= priorities.low && { silent: true }),
					url: webUrl(given.click),
					...(isShown ? { image: one } : one && { attachments: [one] }),
					buttons: actionsOf(given.actions),
					// `file` stands beside the body: bytes are no words.
					raw: Object.fromEntries(Object.entries(given).filter(([key]) => key !== 'file')),
					beside: given.file ?? picture(given.icon),
				},
				context,
			),
		];
	},

	dialect: {
		address: '/ntfy/topic',
		takes: (head) =>
			path.test(head.path) ||
			markingHeaders.some((name) => head.headers[name] !== undefined) ||
			/^ntfy\b/i.test(head.headers['user-agent'] ?? ''),
		keys: ({ headers, query }) => [
			query.auth && loginOf(Buffer.from(query.auth, 'base64').toString('utf8')),
			loginOf(headers.authorization ?? ''),
		],
		understands: (body) =>
			isRecord(body) &&
			['message', 'title', 'attach', 'file', 'tags', 'click', 'actions'].some((key) => key in body),
		gets: true,
		bytes: true,
		body: publishedIn,
		accepted: (body, { request, now }) => jsonReply(200, published(record(body), request, now)),
		refused: ({ status }, why) => {
			const isKey = status === 401 || status === 403;
			return jsonReply(status, {
				code: isKey ? 40101 : status * 100,
				http: status,
				error: `${isKey ? 'unauthorized' : 'bad request'}: ${why}`,
				link: 'https://ntfy.sh/docs/publish/',
			});
		},
	},
});

/** A login's password may be the token, as ntfy has it. */
function loginOf(header: string): string | undefined {
	const [, basic] = /^Basic\s+(\S+)\s*$/i.exec(header) ?? [];
	if (basic === undefined) return /^Bearer\s+(\S+)\s*$/i.exec(header)?.[1];
	const login = Buffer.from(basic, 'base64').toString('utf8');
	return login.slice(login.indexOf(':') + 1);
}

const topicOf = ({ path: asked }: RequestHead) =>
	path.exec(asked)?.[1] ?? asked.split('/').findLast((part) => part !== '');

/** JSON says it all; else the body is the text, or the file where it is called one, and headers or the query say the rest. */
function publishedIn({ value, form }: DecodedBody, request: IncomingRequest): unknown {
	if (isRecord(value) && form === 'json' && ('topic' in value || 'message' in value)) {
		return { ...value, ...(typeof value.tags === 'string' && { tags: listed(value.tags) }) };
	}
	const { headers, query, body, method } = request;
	const given: Record<string, unknown> = {};
	for (const [name, all] of Object.entries(names)) {
		const said = all
			.flatMap((one) => [headers[`x-${one}`], headers[one], query[one], query[`x-${one}`]])
			.find(Boolean);
		if (said !== undefined) given[name] = decodedHeader(said);
	}
	if (given.tags !== undefined) given.tags = listed(String(given.tags));
	if (method === 'GET' || body.byteLength === 0) return given;
	if (given.filename !== undefined) return { ...given, file: body };
	const words = Buffer.from(body).toString('utf8');
	// With a text in a header, the body is a file.
	if (given.message !== undefined || words.includes('\ufffd')) return { ...given, file: body };
	return { topic: topicOf(request), ...given, message: words };
}

const listed = (tags: string) => tags.split(',').map((tag) => tag.trim());

/** UTF-8 that Node reads as Latin letters, and what is written as RFC 2047 has it. */
function decodedHeader(value: string): string {
	const whole =
		/[\x80-\xff]/.test(value) && !/[^\0-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
	const said = whole.includes('\ufffd') ? value : whole;
	return said.replace(/=\?utf-8\?([bq])\?([^?]*)\?=\s*/gi, (_, kind: string, text_: string) =>
		kind.toLowerCase() === 'b'
			? Buffer.from(text_, 'base64').toString('utf8')
			: Buffer.from(
					text_
						.replaceAll('_', ' ')
						.replace(/=([\da-f]{2})/gi, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
					'latin1',
				).toString('utf8'),
	);
}

const levelBy = (urgency: number | undefined): Level =>
	urgency === priorities.max
		? 'failure'
		: urgency === priorities.high
			? 'warning'
			: urgency === undefined
				? 'success'
				: 'info';

const words: Readonly<Record<string, number>> = { ...priorities, urgent: priorities.max };
function priorityOf(value: unknown): number | undefined {
	const said = text(value)?.toLowerCase() ?? '';
	return /^[1-5]$/.test(said) ? Number(said) : entry(words, said);
}

/** A list of objects, or the short form: `view, Open, https://…; http, Reboot, https://…`. */
function actionsOf(value: unknown): Button[] {
	const given = Array.isArray(value) ? value : typeof value === 'string' ? written(value) : [];
	return given.filter(isRecord).flatMap(({ action, label, url, value: pressed }): Button[] => {
		const name = text(label);
		// A button that calls an address would do so for every reader: it is for the one phone.
		const link = action === undefined || action === 'view' ? webUrl(url) : undefined;
		if (!name) return [];
		return [{ text: name, ...(link ? { url: link } : text(pressed) && { value: text(pressed) }) }];
	});
}

function written(value: string): Loose[] {
	if (value.trimStart().startsWith('[')) {
		try {
			return items(JSON.parse(value)).filter(isRecord);
		} catch {
			return []; // neither form
		}
	}
	return value.split(';').map((one): Loose => {
		const [action, label, url] = one.split(',').map((part) =>
			part
				.trim()
				.replace(/^(?:action|label|url)=/, '')
				.replace(/^(["'])(.*)\1$/, '$2'),
		);
		return { action, label, url };
	});
}

/** Tags that ntfy shows as a sign, and what those tell that people use to tell how grave it is. */
const signs: Readonly<Record<string, readonly [sign: string, level?: Level]>> = {
	warning: ['⚠️', 'warning'],
	rotating_light: ['🚨', 'failure'],
	skull: ['💀', 'failure'],
	x: ['❌', 'failure'],
	no_entry: ['⛔', 'failure'],
	no_entry_sign: ['🚫', 'failure'],
	fire: ['🔥', 'failure'],
	boom: ['💥', 'failure'],
	red_circle: ['🔴', 'failure'],
	facepalm: ['🤦', 'warning'],
	triangular_flag_on_post: ['🚩', 'warning'],
	heavy_check_mark: ['✔️', 'success'],
	white_check_mark: ['✅', 'success'],
	green_circle: ['🟢', 'success'],
	tada: ['🎉', 'success'],
	partying_face: ['🥳', 'success'],
	'+1': ['👍'],
	'-1': ['👎️'],
	loudspeaker: ['📢'],
	bell: ['🔔'],
	computer: ['💻'],
	cd: ['💿'],
	film_projector: ['📽️'],
	movie_camera: ['🎥'],
	tv: ['📺'],
	package: ['📦'],
	whale: ['🐳'],
	hourglass: ['⌛'],
	house: ['🏠'],
	door: ['🚪'],
	floppy_disk: ['💾'],
	information_source: ['ℹ️'],
	eyes: ['👀'],
	rocket: ['🚀'],
	gear: ['⚙️'],
};

function published({ file, ...body }: Loose, request: IncomingRequest, now: string) {
	const time = Math.floor(Date.parse(now) / 1000);
	return {
		id: hash('sha256', `${now}${JSON.stringify(body)}`, 'base64url')
			.replace(/[-_]/g, 'x')
			.slice(0, 12),
		time,
		expires: time + 43_200,
		event: 'message',
		topic: text(body.topic) ?? topicOf(request) ?? 'carillon',
		...(text(body.title) && { title: text(body.title) }),
		message: text(body.message) ?? (file ? 'You received a file' : 'triggered'),
		...(priorityOf(body.priority) && { priority: priorityOf(body.priority) }),
		...(items(body.tags).length > 0 && { tags: body.tags }),
		...(webUrl(body.click) && { click: body.click }),
	};
}
