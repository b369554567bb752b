import { multiline, pairs, text, type Json } from '../../core/define/channel';
import { isRecord } from '../../core/define/fields/mustBeRecord';

/** What stands open in a mail, for each of its recipients. An object of addresses and variables is taken as well. */
export const recipientVariables = pairs(
	'Recipient variables',
	{
		recipient: text('Recipient', { zh: '收件人', placeholder: 'ann@example.com' }),
		variables: multiline('Variables', {
			zh: '变量',
			placeholder: 'name = Ann',
			help: { en: 'One a line', zh: '每行一个' },
			check: (value) =>
				variablesIn(value)
					? undefined
					: { en: 'must have lines such as name = Ann', zh: '每行须形如 name = Ann' },
		}),
	},
	{
		zh: '收件人变量',
		optional: true,
		row: { en: 'Recipient', zh: '收件人' },
		help: {
			en: 'What %recipient.name% stands for; each gets a mail of his own',
			zh: '%recipient.name% 对应的值；每人收到单独的邮件',
		},
	},
);

/** By address, in the shape that Mailgun takes. */
export const variablesByRecipient = (rows: readonly { recipient: string; variables: string }[]) =>
	Object.fromEntries(rows.map(({ recipient, variables }) => [recipient, variablesIn(variables) ?? {}]));

/** Of lines, or of an object, which rows hold as JSON. `undefined` where it is neither. */
function variablesIn(text: string): Record<string, Json> | undefined {
	if (/^\s*\{/.test(text)) {
		try {
			const given = JSON.parse(text) as Json;
			return isRecord(given) ? given : undefined;
		} catch {
			return undefined;
		}
	}
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	const read = lines.map((line) => /^\s*([^\s=]+)\s*=(.*)$/.exec(line));
	if (read.includes(null)) return undefined;
	return Object.fromEntries(read.map((each) => [each![1]!, each![2]!.trim()]));
}
