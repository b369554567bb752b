import { invalid } from '../base/errors';
import type { Fields, Values } from '../base/field';
import type { Text } from '../base/language';
import { utf16 } from '../base/limit';
import type { Channel, DeliveryOptions } from '../define/channel';
import { readForm, type Account, type Raw } from '../define/forms';
import { render } from '../markup';
import { readMessage, type Message } from '../message/message';
import { deliver, type Context, type Receipt } from './deliver';
import { renderParts } from './render/rendering';
import { sealedFor } from './sealing';

const shortened: Text = {
	en: 'The question was too long for the channel, so that it was cut for the answers to have room; the page of the answers shows all of it.',
	zh: '问题超出渠道的长度，为给回答留出位置已截短；回答页面会显示全文。',
};

const noRoom = () =>
	invalid('message', {
		en: 'The channel has no room for the links of the answers: choose another channel.',
		zh: '该渠道放不下回答的链接：请换用其他渠道。',
	});

/**
 * Delivers a question whose answers are the links of its buttons. They never fall to a limit: where they would, the text
 * before them is cut, and the receipt says so.
 * @throws ChannelError as `deliver`, and `Invalid('message')` where not even the links have room
 */
export async function ask(
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	question: Message,
	context: Context = {},
): Promise<Receipt> {
	let fitting: Message;
	try {
		fitting = await withRoom(channel, rawAccount, rawOptions, question);
	} catch (error) {
		throw sealedFor(error, channel, rawAccount, rawOptions, channel.options, new Set());
	}
	const receipt = await deliver(channel, rawAccount, rawOptions, fitting, context);
	if (fitting === question) return receipt;
	const { language } = readForm(channel.account, rawAccount).values as Account;
	return { ...receipt, warnings: [...receipt.warnings, shortened[language]] };
}

/** The question, or as much of its text as leaves the rest whole. */
async function withRoom(channel: Channel, rawAccount: Raw, rawOptions: Raw, given: Message): Promise<Message> {
	const account = readForm(channel.account, rawAccount).values as Account;
	const options = readForm(channel.options, rawOptions).values as Values<Fields> & DeliveryOptions;
	const isWhole = async (shown: Message) => {
		const message = readMessage(shown, () => undefined);
		const renders = channel.renders({ options, account, message });
		const { losses } = await renderParts(message, renders, options, account.language);
		return !losses.some(({ kind }) => kind === 'cut');
	};
	if (await isWhole(given)) return given;
	let [fits, tooMany] = [1, given.body.length];
	if (!(await isWhole(start(given, fits)))) throw noRoom();
	while (tooMany - fits > 1) {
		const middle = (fits + tooMany) >> 1;
		if (await isWhole(start(given, middle))) fits = middle;
		else tooMany = middle;
	}
	return start(given, fits);
}

/** The beginning of a text, with what the cut leaves open closed, so that a link behind it is one. */
function start(question: Message, most: number): Message {
	const { body, format = 'markdown' } = question;
	const [dialect, written] = format === 'text' ? (['plain', 'text'] as const) : (['markdown', 'markdown'] as const);
	const { parts } = render(body, { format, dialect, limit: utf16(most), overflow: 'cut' });
	return { ...question, format: written, body: parts[0] ?? '' };
}
