import type { Content } from '../../core/define/flow';
import { fill, type Language, type Text } from '../../core/base/language';
import type { Place } from '../../core/message/carried';
import { withFacts, withFields } from '../adding';
import type { Facts } from './machine';

/** The message with what is known of it beside its own words: fields that every channel shows, and facts for flows. */
export function telling(content: Content, place: Place, facts: Facts, language: Language, zone: string): Content {
	const { what, failures, since, lasted } = facts;
	const told = {
		threshold: {
			what,
			failures,
			...(since !== undefined && { since: new Date(since).toISOString() }),
			...(lasted !== undefined && { lasted: Math.round(lasted / 1_000) }),
		},
	};
	return withFields(withFacts(content, told), place, fieldsOf(facts, language, zone));
}

function fieldsOf({ what, failures, since, lasted }: Facts, language: Language, zone: string) {
	if (what === 'manual' || what === 'success' || since === undefined) return [];
	const field = (name: Text, value: string) => ({ name: name[language], value, short: true });
	const at = new Date(since).toLocaleString('sv-SE', { timeZone: zone });
	if (what !== 'recovered') return [field(words.inARow, String(failures)), field(words.since, at.slice(0, 16))];
	return [field(words.failures, String(failures)), field(words.lasted, duration(lasted ?? 0)[language])];
}

/** In its two largest units. */
function duration(ms: number): Text {
	const minutes = Math.round(ms / 60_000);
	const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
	if (days > 0) return fill({ en: '{days} d {hours} h', zh: '{days} 天 {hours} 小时' }, { days, hours });
	if (hours > 0) return fill({ en: '{hours} h {rest} min', zh: '{hours} 小时 {rest} 分钟' }, { hours, rest });
	return fill({ en: '{rest} min', zh: '{rest} 分钟' }, { rest });
}

const words = {
	inARow: { en: 'Failures in a row', zh: '连续失败' },
	failures: { en: 'Failures before', zh: '此前失败' },
	since: { en: 'Since', zh: '开始于' },
	lasted: { en: 'Lasted', zh: '持续' },
} satisfies Record<string, Text>;
