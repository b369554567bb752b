import { invalid } from '../base/errors';
import { readOne } from '../base/field';
import type { Text } from '../base/language';
import type { Channel } from '../define/channel';
import type { Account, Raw } from '../define/forms';
import type { Message } from '../message/message';

/** Nobody should take it for granted that a message went where it asked to go. */
const unusedTo: Text = {
	en: 'The message’s own “to” was not used: turn on “Recipient from the message” if it may choose.',
	zh: '未使用消息自带的 to：如需由消息指定接收者，请开启“允许消息指定接收者”。',
};

const noTo: Text = {
	en: 'The message’s own “to” was not used: here the account alone says who gets it.',
	zh: '未使用消息自带的 to：此渠道的接收者由账号决定。',
};

/** What to say where the message asks to go to somebody else, and does not. */
export function elsewhere(
	{ target }: Channel,
	message: Message,
	targets: readonly string[],
	{ allowTo }: { allowTo?: boolean },
): Text | undefined {
	if (target?.passedOn || (target && allowTo) || !asksElsewhere(message, targets)) return undefined;
	return target ? unusedTo : noTo;
}

const asksElsewhere = (message: Message, targets: readonly string[]) =>
	message.to !== undefined &&
	[message.to].flat().some((each) => each.trim() !== '' && !targets.includes(each.trim()));

export function targetsOf(
	channel: Channel,
	rawOptions: Raw,
	account: Account,
	{ allowTo }: { allowTo?: boolean },
	message: Message,
): string[] {
	if (!channel.to || !channel.target) return [];
	const named = allowTo && message.to !== undefined ? message.to : undefined;
	const given = readOne('to', channel.to, named ?? rawOptions.to) as string[];
	const targets = given.length > 0 ? given : (account.to ?? []);
	if (targets.length === 0 && !channel.target.optional) {
		const { label, zh } = channel.target;
		throw invalid('to', {
			en: `Fill in “${label}”, in the account or on the node.`,
			zh: `请在账号或节点中填写“${zh}”。`,
		});
	}
	return [...new Set(targets)];
}
