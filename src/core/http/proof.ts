import { ChannelError } from '../base/errors';
import { named, type Text } from '../base/language';

/** A code as services write it: the number, or its digits. Nothing, '' and [] are no zero. */
export const isCode = (value: unknown, code: number): boolean => value === code || value === String(code);

/**
 * What a service gives for a message that it has taken, such as its id.
 * @param value anything but a text or number proves nothing
 * @throws ChannelError `Unexpected`, of unknown outcome, where there is none
 */
export function proofOf<T extends string | number>(value: T | null | undefined, name: Text): T {
	if ((typeof value === 'string' && value.trim() !== '') || typeof value === 'number') return value;
	throw unproven(name);
}

export const unproven = (name: Text): ChannelError =>
	new ChannelError(
		'Unexpected',
		named(
			{
				en: '{name} said yes, and not what it took, so it is not known whether the message went out. Check the base URL and the proxy.',
				zh: '{name} 表示成功却没有给出消息的标识，无法确定消息是否发出。请检查服务地址与代理。',
			},
			name,
		),
		{ unknown: true },
	);
