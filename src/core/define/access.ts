import { invalid } from '../base/errors';
import { choice, isBlank, type Fields } from '../base/field';

/** How a trigger takes who calls: told apart by something that others lack, or anybody, where somebody chose that. */
export type Access = 'checked' | 'open';

/** An account's choice between the two, in the words of what it checks with. */
export const access = (
	label: readonly [en: string, zh: string],
	checked: readonly [en: string, zh: string],
	open: readonly [en: string, zh: string],
) =>
	choice(
		label[0],
		{ checked, open },
		{
			zh: label[1],
			default: 'checked',
			help: {
				en: 'What cannot be checked is closed; open is meant for networks where you trust everybody',
				zh: '无法校验时一律关闭；“开放”仅适用于完全可信的网络',
			},
			catches: {
				open: {
					en: 'Whoever reaches the address is believed, and can make your bells ring with any text.',
					zh: '任何能访问该地址的人都会被信任，可让你的渠道发出任意内容。',
				},
			},
		},
	);

/**
 * Hosts leave `${NAME}` as it stands where there is no such variable. Whole, `$(NAME)` is Node-RED's older form, and
 * `{{ … }}` an expression of n8n that was typed where none is read.
 */
const unfilled = /\$\{([^{}]*)\}|^\s*\$\(([\w.:-]+)\)\s*$|^\s*=?\{\{([^{}]*)\}\}\s*$/;

/** What editors show in place of a secret that they keep to themselves: everybody knows it. */
const shownInstead = /^(?:__PWRD__|__n8n_BLANK_VALUE_[\da-f-]+)$/;

/** Whether what stands for a secret is none. */
export const isNoSecret = (value: string) => isBlank(value) || shownInstead.test(value.trim());

/**
 * Whether an account holds one of these secrets.
 * @throws ChannelError `Invalid(field)` where one is no more than the name of a variable that is not set, which is no secret
 */
export function holds(fields: Fields, account: Readonly<Record<string, unknown>>, ...keys: readonly string[]): boolean {
	let held = false;
	for (const key of keys) {
		const value = account[key];
		if (value === undefined || value === null) continue;
		const given = String(value);
		if (isNoSecret(given)) continue;
		const [whole, ...names] = unfilled.exec(given) ?? [];
		if (whole !== undefined) throw unset(fields, key, names.find(Boolean)?.trim() || whole);
		held = true;
	}
	return held;
}

function unset(fields: Fields, key: string, variable: string) {
	const { en = key, zh = key } = fields[key]?.label ?? {};
	return invalid(key, {
		en: `Closed: “${en}” stands for the variable ${variable}, which is not set.`,
		zh: `已关闭：“${zh}”引用的变量 ${variable} 未设置。`,
	});
}

/**
 * The common case: checked where one of the secrets is there, open where that is chosen.
 * @throws ChannelError `Invalid(field)`: closed
 */
export function accessBy(
	fields: Fields,
	account: Readonly<Record<string, unknown>>,
	keys: readonly [string, ...string[]],
): Access {
	if (holds(fields, account, ...keys)) return 'checked';
	if (account.access === 'open') return 'open';
	const names = (language: 'en' | 'zh') => keys.map((key) => `“${fields[key]?.label[language] ?? key}”`);
	const hasChoice = fields.access !== undefined;
	throw invalid(keys[0], {
		en: `Closed: fill in ${either(names('en'))} of the account${hasChoice ? ', or choose there that it is open to everybody' : ''}. Without that nobody can tell who calls.`,
		zh: `已关闭：请在账号中填写${names('zh').join('或')}${hasChoice ? '，或明确选择向所有人开放' : ''}，否则无法确认调用者身份。`,
	});
}

const either = (names: readonly string[]) =>
	names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;
