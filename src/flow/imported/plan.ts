/** Whole flows, made of what other programs were set to. Pure; no secret of theirs is taken over. */
import { isRecord } from '../../core/base/record';
import { fill, type Text } from '../../core/base/language';
import { invalid } from '../../core/base/errors';
import { moviePilotRows, qdRows } from '../route/presets';

/** A channel's node that is still to be given an account. */
export interface PlannedChannel {
	/** Of its definition. */
	id: string;
	/** What it was called. */
	name: string;
}

export interface Plan {
	/** Of whom it was made. */
	of: string;
	/** Rows of Route, each with the places of the channels behind its output. */
	rows: { name: string; cells: Readonly<Record<string, unknown>>; to: number[] }[];
	/** Behind the last output. */
	otherwise: number[];
	channels: PlannedChannel[];
	/** What has no counterpart here. */
	left: Text[];
}

type Loose = Readonly<Record<string, unknown>>;
const word = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/**
 * @param given MoviePilot's notifications (its setting `Notifications`, or the answer that holds it), a QD user's
 * `noticeflg`, or qinglong's variables, as JSON or as the lines of its config.sh
 * @throws ChannelError `Invalid('settings')` where they are none of all that
 */
export function planOf(given: unknown): Plan {
	const settings = parsed(given);
	const plan = moviePilot(settings) ?? qd(settings) ?? qinglong(settings);
	if (!plan)
		throw invalid('settings', {
			en: 'These are no settings of MoviePilot (Notifications), QD (noticeflg) or qinglong (its variables).',
			zh: '无法识别：应为 MoviePilot 的 Notifications、QD 的 noticeflg 或青龙的通知变量。',
		});
	if (plan.channels.length === 0)
		throw invalid('settings', {
			en: 'No channel in these settings is switched on and known here.',
			zh: '这些设置中没有已启用且受支持的渠道。',
		});
	return plan;
}

/** Also qinglong's `export BARK_PUSH="…"`, of which the names are all that counts. */
function parsed(given: unknown): unknown {
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given) as unknown;
	} catch {
		const lines = [...given.matchAll(/^[ \t]*export[ \t]+([A-Z][A-Z\d_]*)=["']?([^"'\n]*)/gm)];
		return Object.fromEntries(lines.map(([, name, value]) => [name!, value!.trim()]));
	}
}

const unknownChannel: Text = {
	en: '“{name}” ({type}) has no counterpart here.',
	zh: '“{name}”（{type}）没有对应的渠道。',
};
const switchedOff: Text = { en: '“{name}” was switched off, and was left out.', zh: '“{name}”未启用，已略去。' };

// MoviePilot

const ofMoviePilot: Readonly<Record<string, string>> = {
	wechat: 'wecomApp',
	telegram: 'telegram',
	slack: 'slack',
	synologychat: 'synologyChat',
	vocechat: 'vocechat',
	feishu: 'feishuApp',
	dingtalk: 'dingtalk',
};
/** What no other type takes. */
const others: ReadonlySet<string> = new Set(['其它', '其他']);

function moviePilot(settings: unknown): Plan | undefined {
	const list = notificationsIn(settings);
	if (!list) return undefined;
	const plan: Plan = { of: 'MoviePilot', rows: [], otherwise: [], channels: [], left: [] };
	const to = new Map<string, number[]>();
	for (const one of list) {
		const type = word(one.type).toLowerCase();
		const name = word(one.name) || type;
		const isBot = type === 'wechat' && isRecord(one.config) && one.config.WECHAT_MODE === 'bot';
		const id = isBot || !Object.hasOwn(ofMoviePilot, type) ? undefined : ofMoviePilot[type];
		if (one.enabled !== true) plan.left.push(fill(switchedOff, { name }));
		else if (!id) plan.left.push(fill(unknownChannel, { name, type: isBot ? 'wechat bot' : type }));
		else {
			const place = plan.channels.push({ id, name }) - 1;
			for (const kind of Array.isArray(one.switchs) ? one.switchs.map(word) : [])
				to.set(kind, [...(to.get(kind) ?? []), place]);
		}
	}
	for (const [kind, places] of to) {
		if (others.has(kind)) plan.otherwise.push(...places);
		else {
			const ready = moviePilotRows.find(({ name }) => name.zh === kind);
			plan.rows.push({ name: kind, cells: ready?.cells ?? { types: [kind] }, to: places });
		}
	}
	// A type that goes nowhere must not come out as another.
	for (const { name, cells } of moviePilotRows)
		if (!to.has(name.zh) && plan.otherwise.length > 0) plan.rows.push({ name: name.zh, cells, to: [] });
	return plan;
}

/** Its list, bare or as its API and its backups hold it. */
function notificationsIn(settings: unknown, deep = 3): Loose[] | undefined {
	if (Array.isArray(settings))
		return settings.length > 0 && settings.every((one) => isRecord(one) && 'switchs' in one)
			? (settings as Loose[])
			: undefined;
	if (!isRecord(settings) || deep === 0) return undefined;
	for (const key of ['Notifications', 'data', 'value']) {
		const found = notificationsIn(settings[key], deep - 1);
		if (found) return found;
	}
	return undefined;
}

// QD

/** The bits of a user's `noticeflg`, and what its pages call them. */
const qdChannels: readonly (readonly [bit: number, name: string, id: string])[] = [
	[0x40, 'barksw', 'bark'],
	[0x20, 'schansw', 'serverChan'],
	[0x10, 'wxpushersw', 'wxpusher'],
	[0x80, 'mailpushersw', 'email'],
	[0x100, 'cuspushersw', 'webhook'],
	[0x200, 'qywxpushersw', 'wecomApp'],
	[0x400, 'tgpushersw', 'telegram'],
	[0x800, 'dingdingpushersw', 'dingtalk'],
];
/** In the order of `qdRows`. */
const qdSwitches: readonly (readonly [bit: number, name: string])[] = [
	[0x08, 'handpush_succ'],
	[0x04, 'handpush_fail'],
	[0x02, 'autopush_succ'],
	[0x01, 'autopush_fail'],
];

function qd(settings: unknown): Plan | undefined {
	if (!isRecord(settings)) return undefined;
	const flags = Number(settings.noticeflg ?? Number.NaN);
	const named = qdSwitches.some(([, name]) => name in settings);
	if (!named && !Number.isInteger(flags)) return undefined;
	const isOn = ([bit, name]: readonly [number, string, ...unknown[]]) =>
		name in settings ? settings[name] === true || settings[name] === 'on' : (flags & bit) !== 0;
	const channels = qdChannels.filter(isOn).map(([, , id]) => ({ id, name: id }));
	const all = channels.map((_, at) => at);
	const rows = qdRows.flatMap(({ name, cells }, at) =>
		isOn(qdSwitches[at]!) ? [{ name: name.zh, cells, to: all }] : [],
	);
	return { of: 'QD', rows, otherwise: [], channels, left: [] };
}

// qinglong

const ofQinglong: Readonly<Record<string, string>> = {
	BARK_PUSH: 'bark',
	PUSH_KEY: 'serverChan',
	DD_BOT_TOKEN: 'dingtalk',
	FSKEY: 'feishuRobot',
	QYWX_AM: 'wecomApp',
	QYWX_KEY: 'wecomRobot',
	TG_BOT_TOKEN: 'telegram',
	SMTP_EMAIL: 'email',
	QMSG_KEY: 'qmsg',
	WXPUSHER_APP_TOKEN: 'wxpusher',
	CHAT_TOKEN: 'synologyChat',
	GOBOT_URL: 'onebot',
	WEBHOOK_URL: 'webhook',
};

function qinglong(settings: unknown): Plan | undefined {
	if (!isRecord(settings)) return undefined;
	const set = Object.keys(settings).filter((name) => Object.hasOwn(ofQinglong, name));
	if (set.length === 0) return undefined;
	const channels = set
		.filter((name) => word(settings[name]) !== '')
		.map((name) => ({ id: ofQinglong[name]!, name: ofQinglong[name]! }));
	const all = channels.map((_, at) => at);
	return {
		of: '青龙',
		rows: [{ name: '青龙', cells: { sources: ['qinglong'] }, to: all }],
		otherwise: [],
		channels,
		left: [],
	};
}
