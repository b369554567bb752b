import type { Level } from '../../core/message/message';
import { isTemplate, renderTemplate } from '../../core/message/template';
import { note } from '../../core/receive/note';
import { entry, isRecord, items, picture, text, webUrl } from '../../core/receive/reading';
import { defineSender, type Context, type Mapped } from '../../core/define/sender';

/** Whatever a script posts: what the user mapped by JSON path or template, and the usual names for the rest. */
export const custom = defineSender({
	id: 'custom',
	name: 'Custom',
	zh: '自定义',

	recognise: (body) =>
		(isRecord(body) && Object.keys(body).length > 0) || (typeof body === 'string' && body.trim() !== '') ? 0.1 : 0,

	read(body, context) {
		const mapped = (part: Mapped) => fromMapping(part, body, context);
		const to = mapped('to') ?? guess(body, 'to');
		const image = mapped('image') ?? guess(body, 'image');
		const title = shown(mapped('title') ?? guess(body, 'title'));
		const found = mapped('body') ?? guess(body, 'body');
		const type = text(mapped('type'), guess(body, 'type'));
		return [
			note(
				{
					source: 'custom',
					type: type && /^[\w.-]{1,60}$/.test(type) ? type : 'message',
					rawType: type ?? 'message',
					format: context.format,
					title: title?.replace(/\s+/g, ' '),
					// Nothing that looks like a text: the whole of it.
					body: shown(found) ?? (title === undefined ? shown(body) : undefined) ?? '',
					url: webUrl(mapped('url'), guess(body, 'url')),
					image: picture(image, 'picture'),
					to: Array.isArray(to) ? to.map((one) => text(one)).filter((one) => one !== undefined) : text(to),
					level: levelOf(mapped('level') ?? guess(body, 'level')),
					key: text(mapped('key'), guess(body, 'key')),
					raw: body,
				},
				context,
			),
		];
	},
});

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

/** The names under which scripts and the web hooks of chat services carry each part; the first one that is there counts. */
const usual: Readonly<Record<Mapped, readonly string[]>> = {
	title: ['title', 'subject', '标题', 'summary', 'headline', 't'],
	body: ['content', 'text', 'body', 'message', 'msg', 'desp', 'markdown', 'description', '内容', 'html', 'c'],
	url: ['url', 'link', 'href', 'click'],
	image: ['imageurl', 'image_url', 'image', 'picurl', 'pic', 'img', 'picture', 'screenshot'],
	to: ['to', 'send_to', 'to_group'],
	level: ['level', 'severity'],
	key: ['key'],
	type: ['type', 'event', 'eventtype', 'event_type'],
};

const allUsual: ReadonlySet<string> = new Set([...Object.values(usual).flat(), 'data']);
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

function guess(body: unknown, part: Mapped): unknown {
	if (!isRecord(body)) return part === 'body' ? body : undefined;
	const byName = usualOf(body);
	for (const name of usual[part]) {
		const value = byName.get(name);
		// `{"msgtype":"markdown","markdown":{"title":…,"text":…}}`, as bodies for DingTalk and WeCom robots are.
		if (part === 'body' && isRecord(value)) {
			const inner = guess(value, 'body');
			if (inner !== undefined) return inner;
		} else if (
			value !== undefined &&
			value !== null &&
			value !== '' &&
			(part === 'body' || typeof value !== 'object' || (part === 'to' && Array.isArray(value)))
		)
			return value;
	}
	const nested =
		part === 'title' ? [byName.get('markdown'), byName.get('data')] : part === 'body' ? [byName.get('data')] : [];
	return nested
		.filter(isRecord)
		.map((one) => guess(one, part))
		.find((one) => one !== undefined);
}

function shown(value: unknown): string | undefined {
	if (typeof value === 'boolean') return String(value);
	if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
		return items(value).map(String).join('\n') || undefined;
	return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2).slice(0, 20_000) : text(value);
}

const levels: readonly (readonly [Level, RegExp])[] = [
	['failure', /^(?:fail|failed|failure|error|err|critical|crit|fatal|emerg|alert|down|danger|high|失败|错误|严重)/],
	['warning', /^(?:warn|warning|medium|partial|警告)/],
	['success', /^(?:success|ok|done|up|passed|resolved|成功)/],
	['info', /^(?:info|notice|debug|low|normal|信息)/],
];

export const levelOf = (value: unknown): Level | undefined =>
	levels.find(([, pattern]) => pattern.test(text(value)?.toLowerCase() ?? ''))?.[0];
