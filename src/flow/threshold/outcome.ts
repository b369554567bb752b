import type { Arrival } from '../../core/define/flow';
import { carriedIn } from '../../core/message/carried';
import { labelOf } from '../../core/message/label';
import { eventTypes } from '../../core/message/event';
import { forWhom, keyName } from '../keys';

/** What an arrival tells of whatever it is about. */
export interface Told {
	outcome: 'failure' | 'success';
	isManual: boolean;
}

/** Types that tell that what failed is well again. */
const recoveries: ReadonlySet<string> = new Set([
	...['task.completed', 'monitor.up', 'alert.resolved', 'system.healthy', 'issue.resolved'],
]);
const failures: ReadonlySet<string> = new Set(['monitor.down', 'alert.firing', 'system.unhealthy', 'system.corrupted']);

/** undefined: it tells of neither, and is none of this node's business. */
export function toldBy({ content, place = 'message' }: Arrival): Told | undefined {
	const { message, event } = carriedIn(content, place);
	const type = event?.type ?? message.type ?? '';
	const isManual = (event?.origin ?? message.origin) === 'manual';
	if (recoveries.has(type)) return { outcome: 'success', isManual };
	if (failures.has(type) || /\.failed$/i.test(type) || message.level === 'failure')
		return { outcome: 'failure', isManual };
	// Of what has a type of its own a good level says nothing of a failure: a film was added.
	const isPlain = type === 'message' || !Object.hasOwn(eventTypes, type);
	return isPlain && message.level === 'success' ? { outcome: 'success', isManual } : undefined;
}

/** Source, and task or monitor: what fails, and is well again. */
export function subjectOf({ content, place = 'message' }: Arrival, given: string | undefined): string {
	const { message, event } = carriedIn(content, place);
	if (given !== undefined) return keyName(given);
	const { source = '', facts = {}, item, server } = event ?? {};
	const about =
		facts.task ??
		facts.monitor ??
		facts.plugin ??
		(item ? labelOf(item, 'en') : undefined) ??
		withoutOutcome(message.title ?? message.body.split('\n', 1)[0]!) ??
		server?.name ??
		'';
	return forWhom([source, about].filter(Boolean).join(' · ') || 'all', message);
}

/** How it went, in the words of titles: `QD定时任务 Nest-alice 失败` and `… 成功` are about the same. */
const outcomes =
	/❌|✅|⚠️|🔴|🟢|🚨|\b(?:success(?:ful(?:ly)?)?|succeeded|succeeds|fail(?:s|ed|ure)?|error(?:s|ed)?|completed?|done|ok(?:ay)?|down|up|firing|resolved|recovered|(?:un)?healthy|offline|online|is|has|was)\b|成功|失败|完成|出错|错误|异常|恢复正常|恢复|正常|离线|在线|告警|中断/giu;

function withoutOutcome(title: string): string | undefined {
	const rest = title
		.slice(0, 500)
		.replace(outcomes, ' ')
		.replace(/[\s:：,，.。!！\-–—[\]【】()（）]+/gu, ' ')
		.trim();
	return rest === '' ? undefined : rest;
}
