import type { Lost } from '../../core/define/channel';
import type { Text } from '../../core/base/language';

export interface Meant {
	/** `@everyone <@1> <@&2>` */
	text: string;
	/** Whom Discord may ring, whatever else the text says. */
	allowed: { parse: 'everyone'[]; users: string[]; roles: string[] };
	degraded: Lost[];
	warnings: Text[];
}

/** Discord takes as many of each kind. */
const most = 100;

/**
 * @param ids `1`, `@1`, `<@1>` are users, `&2`, `<@&2>` roles; `@all`, `@everyone` and `@here` are what they say
 * @param room characters
 */
export function mentionsOf(ids: readonly string[], room: number): Meant {
	const meant: Meant = { text: '', allowed: { parse: [], users: [], roles: [] }, degraded: [], warnings: [] };
	const { allowed } = meant;
	const left: string[] = [];
	for (const id of new Set(ids)) {
		const [, role] = /^(?:<@|@)?&(\d{1,25})>?$/.exec(id) ?? [];
		const [, user] = /^(?:<@!?|@)?(\d{1,25})>?$/.exec(id) ?? [];
		const [, all] = /^@?(all|everyone|here)$/i.exec(id) ?? [];
		const written = all
			? `@${all.toLowerCase().replace('all', 'everyone')}`
			: role
				? `<@&${role}>`
				: user && `<@${user}>`;
		const text = [meant.text, written].filter(Boolean).join(' ');
		const isFull = text.length > room || (role ? allowed.roles : allowed.users).length >= most;
		if (!written || isFull) {
			left.push(id);
			continue;
		}
		meant.text = text;
		if (all) allowed.parse = ['everyone'];
		else if (role) allowed.roles.push(role);
		else allowed.users.push(user!);
	}
	if (left.length > 0) {
		meant.degraded.push({ kind: 'mentions', count: left.length });
		meant.warnings.push({
			en: `Discord mentions by id: a number for a user, &number for a role, at most ${most} of each. Not mentioned: ${left.slice(0, 10).join(', ')}.`,
			zh: `Discord 按 ID 提及：用户为数字，身份组为 &数字，各最多 ${most} 个。未提及：${left.slice(0, 10).join('、')}。`,
		});
	}
	return meant;
}
