import { invalid } from '../../core/define/channel';
import type { Named } from '../../core/define/fields/named';

/**
 * Headers of the user's own.
 * @param reserved names that belong to the connection, not to the message
 * @param fill puts values into a header's template
 * @throws ChannelError `Invalid(field)` for what no header may hold
 */
export function customHeaders(
	field: string,
	given: readonly Named[],
	reserved: RegExp,
	fill: (template: string) => string = (template) => template,
): [name: string, value: string][] {
	return given.map(({ name, value: template = '' }) => {
		const value = fill(template);
		const mayBe = /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !reserved.test(name);
		if (mayBe && /^[\t\x20-\x7e]*$/.test(value)) return [name, value];
		const what = mayBe ? { en: 'value', zh: '值' } : { en: 'name', zh: '名称' };
		throw invalid(field, {
			en: `The header “${name}” cannot be sent: its ${what.en} holds what no header may, or belongs to the connection. Write other than ASCII percent-encoded.`,
			zh: `请求头“${name}”无法发送：其${what.zh}含有请求头不允许的内容，或属于连接本身。非 ASCII 字符请先百分号编码。`,
		});
	});
}
