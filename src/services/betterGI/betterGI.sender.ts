import type { EventType } from '../../core/message/event';
import type { Text } from '../../core/base/language';
import { inWords, isNothing } from '../../core/message/readable';
import { note } from '../../core/receive/note';
import { entry, isRecord, picture, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { betterGISamples } from './samples';

const titles: Readonly<Record<string, readonly [type: EventType | undefined, en: string, zh: string]>> = {
	'notify.test': ['system.test', 'Test', '测试通知'],
	'domain.reward': [undefined, 'Domain rewards', '自动秘境奖励'],
	'domain.start': ['task.started', 'Domain started', '自动秘境启动'],
	'domain.end': [undefined, 'Domain ended', '自动秘境结束'],
	'domain.retry': ['task.progress', 'Domain: trying again', '自动秘境重试'],
	'task.cancel': ['task.cancelled', 'Task cancelled', '任务取消'],
	'task.error': ['task.failed', 'Task failed', '任务错误'],
	'group.start': ['task.started', 'Configuration group started', '配置组启动'],
	'group.end': [undefined, 'Configuration group ended', '配置组结束'],
	'dragon.start': ['task.started', 'One Dragon started', '一条龙启动'],
	'dragon.end': [undefined, 'One Dragon ended', '一条龙结束'],
	'tcg.start': ['task.started', 'Card game started', '七圣召唤启动'],
	'tcg.end': [undefined, 'Card game ended', '七圣召唤结束'],
	'album.start': ['task.started', 'Music album started', '自动音游专辑启动'],
	'album.end': [undefined, 'Music album ended', '自动音游专辑结束'],
	'album.error': ['task.failed', 'Music album failed', '自动音游专辑错误'],
	'daily.reward': [undefined, 'Daily rewards', '检查每日奖励'],
	'js.custom': ['message', 'Script message', 'JS 自定义通知'],
	'js.error': ['task.failed', 'Script failed', 'JS 错误'],
	'autoeat.start': ['task.started', 'Auto eat started', '自动吃药启动'],
	'autoeat.end': [undefined, 'Auto eat ended', '自动吃药结束'],
	'autoeat.info': ['message', 'Auto eat', '自动吃药'],
	AutoBoss: [undefined, 'Boss', '自动首领讨伐'],
	AutoLeyLineOutcrop: [undefined, 'Ley line outcrop', '自动地脉花'],
	// Of the first builds.
	GeniusInvocation: [undefined, 'Card game', '自动七圣召唤'],
	Domain: [undefined, 'Domain', '自动秘境'],
};

/** What the first builds told, with a conclusion or without. */
const actions: Readonly<Record<string, readonly [type: EventType, en: string, zh: string]>> = {
	started: ['task.started', 'Started', '已开始'],
	completed: ['task.completed', 'Completed', '已完成'],
	progress: ['task.progress', 'In progress', '进行中'],
};

const actionOf = (action: unknown) => entry(actions, text(action)?.toLowerCase() ?? '');

/** Better Genshin Impact's webhook; `result` was a word in early builds and is a number since. */
export const betterGI = defineSender({
	id: 'betterGI',
	name: 'BetterGI',
	zh: 'BetterGI（更好的原神）',
	samples: betterGISamples,
	tells: [
		'system.test',
		'task.started',
		'task.progress',
		'task.cancelled',
		'task.failed',
		'task.completed',
		'task.partial',
	],
	hint: /better-?gi|\bbgi\b/i,

	recognise(body) {
		if (!isRecord(body) || typeof body.event !== 'string') return 0;
		const has = (...keys: readonly string[]) => keys.every((key) => key in body);
		// The first build's, whatever the event.
		if (has('action', 'conclusion', 'task', 'screenshot')) return 0.95;
		if (has('action', 'conclusion') && (has('task') || has('screenshot')) && actionOf(body.action)) return 0.95;
		const isKnown = entry(titles, body.event) !== undefined;
		if (has('result', 'timestamp', 'screenshot') && (isKnown || has('send_to', 'message', 'data'))) return 0.95;
		// The test of the first build is nothing but `{"event":"Test"}`.
		if (Object.keys(body).length === 1 && body.event === 'Test') return 0.7;
		// Its words alone are anybody's: they count where the path names it, too.
		return isKnown ? 0.05 : 0;
	},

	read(body, context) {
		const given = record(body);
		const rawType = text(given.event) ?? '';
		const [fixed, en, zh] = entry(titles, rawType) ??
			entry(titles, rawType.charAt(0).toUpperCase() + rawType.slice(1)) ?? [
				rawType === 'Test' ? ('system.test' as const) : undefined,
				isNothing(rawType) ? 'Message' : inWords(rawType),
				isNothing(rawType) ? '消息' : inWords(rawType),
			];
		const action = actionOf(given.action);
		const outcome = resultOf(given.result ?? given.conclusion) ?? action?.[0];
		const type =
			fixed && (fixed !== 'message' || outcome === 'task.completed')
				? fixed
				: (outcome ??
					fixed ??
					(/\.start$/.test(rawType) ? 'task.started' : /error$/i.test(rawType) ? 'task.failed' : 'message'));
		const name = context.language === 'zh' ? zh : en;
		const image = picture(given.screenshot, 'screenshot');
		return [
			note(
				{
					source: 'betterGI',
					type,
					rawType,
					level: levels[type] ?? 'info',
					title: `BetterGI · ${name}${fixed ? '' : (entry(endings, outcome ?? '')?.[context.language] ?? '')}`,
					body:
						text(given.message) ??
						[
							action?.[context.language === 'zh' ? 2 : 1] ?? asWord(text(given.action) ?? ''),
							text(isRecord(given.task) ? given.task.name : given.task),
						]
							.filter((line) => line && !isNothing(line))
							.join('\n'),
					time: timeOf(given.timestamp),
					to: targetOf(given),
					image,
					// The picture stands in the message; a second copy would only fill the flow's memory.
					same: [body],
					raw: image && 'data' in image ? { ...given, screenshot: '[message.image]' } : body,
				},
				context,
			),
		];
	},
});

const levels: Readonly<Record<string, 'success' | 'warning' | 'failure'>> = {
	'task.completed': 'success',
	'task.partial': 'warning',
	'task.cancelled': 'warning',
	'task.failed': 'failure',
};

/** What the event's own name does not tell. */
const endings: Readonly<Record<string, Text>> = {
	'task.failed': { en: ' (failed)', zh: '（失败）' },
	'task.partial': { en: ' (partly done)', zh: '（部分完成）' },
	'task.cancelled': { en: ' (cancelled)', zh: '（已取消）' },
};

const results: Readonly<Record<string, EventType>> = {
	'0': 'task.completed',
	success: 'task.completed',
	succeeded: 'task.completed',
	ok: 'task.completed',
	'1': 'task.failed',
	fail: 'task.failed',
	failed: 'task.failed',
	failure: 'task.failed',
	error: 'task.failed',
	cancelled: 'task.cancelled',
	canceled: 'task.cancelled',
	cancel: 'task.cancelled',
	'2': 'task.partial',
	partial: 'task.partial',
	partialsuccess: 'task.partial',
};

const resultOf = (result: unknown) =>
	entry(
		results,
		text(result)
			?.toLowerCase()
			.replace(/[\s_-]/g, '') ?? '',
	);

/** `send_to`, or what receivers of its users call it. */
function targetOf(given: Readonly<Record<string, unknown>>): string | string[] | undefined {
	for (const value of [given.send_to, given.to, given.to_group, given.from]) {
		if (Array.isArray(value)) {
			const list = value.map((one) => text(one)).filter((one) => one !== undefined);
			if (list.length) return list;
		}
		const single = text(value);
		if (single) return single;
	}
	return undefined;
}

/** `2025-02-20 09:35:38` of the first builds is the player's local time, which only the machine's own zone can stand for. */
function timeOf(timestamp: unknown): string | undefined {
	const date = new Date(text(timestamp)?.replace(' ', 'T') ?? Number.NaN);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** A word stays as it is; a program's name of several becomes a sentence's beginning. */
const asWord = (name: string) => (/^\p{L}\p{Ll}*$/u.test(name) ? name : inWords(name));
