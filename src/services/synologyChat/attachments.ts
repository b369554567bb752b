import { multiline, rows, text, type Field, type Json } from '../../core/define/channel';
import { isRecord } from '../../core/define/fields/mustBeRecord';

/** Texts with buttons beneath. What Synology itself describes is taken as well, so the names are its own. */
export const attachments = rows(
	'Own attachments',
	{
		text: text('Text', { zh: '文字', optional: true, placeholder: 'Deploy?' }),
		actions: {
			...multiline('Buttons', {
				zh: '按钮',
				optional: true,
				placeholder: 'Yes = deploy',
				help: {
					en: 'One a line: what stands on it = what comes back',
					zh: '每行一个：按钮文字 = 回传的值',
				},
				check: (value) =>
					actionsIn(value)
						? undefined
						: { en: 'must have lines such as Yes = deploy', zh: '每行须形如 Yes = deploy' },
			}),
			asGiven: true,
		} as unknown as Field<Json | undefined>,
		callback_id: text('Callback id', {
			zh: '回调 ID',
			optional: true,
			help: { en: 'Empty: as in the options', zh: '留空则与选项相同' },
		}),
	},
	{
		zh: '自定义附件',
		optional: true,
		row: { en: 'Attachment', zh: '附件' },
		help: { en: 'Instead of the message’s buttons', zh: '替代消息自带的按钮' },
	},
);

interface Attachment {
	text?: string;
	actions?: Json;
	callback_id?: string;
}

/**
 * As Synology takes them.
 * @param callbackId of those that have none
 */
export const withActions = (rows: readonly Attachment[], callbackId: string): Json[] =>
	rows.map(({ text = ' ', actions = '', callback_id = callbackId }) => ({
		...{ callback_id, text },
		actions: actionsIn(actions) ?? [],
	}));

/** A button that calls back. */
export const button = (text: string, value: string, style: 'green' | 'red' | 'grey' = 'grey') => ({
	...{ type: 'button', text, name: text, value, style },
});

/** Of lines, or of a list of actions. `undefined` where it is neither. */
function actionsIn(given: Json): Json[] | undefined {
	if (Array.isArray(given)) return given.every(isRecord) ? given : undefined;
	if (typeof given !== 'string') return undefined;
	if (/^\s*\[/.test(given)) {
		try {
			return actionsIn(JSON.parse(given) as Json);
		} catch {
			return undefined;
		}
	}
	const lines = given.split('\n').filter((line) => line.trim() !== '');
	const read = lines.map((line) => /^\s*([^\s=][^=]*)(?:=(.*))?$/.exec(line));
	if (read.includes(null)) return undefined;
	return read.map((each) => {
		const [, label = '', value = label] = each!;
		return button(label.trim(), value.trim());
	});
}
