import { systemClock } from '../base/clock';
import { Deadline } from '../base/deadline';
import { invalid, redactor } from '../base/errors';
import type { Fields, Values } from '../base/field';
import type { Text } from '../base/language';
import type { Channel, DeliveryOptions } from '../define/channel';
import { readForm, redactorOf, type Account, type Raw } from '../define/forms';
import { readMessage } from '../message/message';
import { Reach, type Context } from './context';
import { Delivery } from './send/delivery';
import { Earlier, whyNew } from './send/earlier';
import type { Lendings } from './send/lend';
import { Losses } from './render/losses';
import { enclosuresOf } from './obtain/obtaining';
import { progressIn } from './send/progress';
import type { Receipt } from './send/receipt';
import { renderParts } from './render/rendering';
import { sealedFor } from './sealing';
import { elsewhere, targetsOf } from './targets';

export type { Clock } from '../base/clock';
export type { Raw } from '../define/forms';
export { act, lookUp, verify } from './act';
export type { Context } from './context';
export { storedProgress, type KeptProgress, type Progress } from './send/progress';
export type { Receipt } from './send/receipt';

/**
 * The only way out: reads the forms, obtains pictures and files, renders, sends.
 * `options` are the node's own, with `to` among them where the channel has a target.
 * @throws ChannelError in the account's language, without a secret; nothing else.
 */
export async function deliver(
	channel: Channel,
	rawAccount: Raw,
	rawOptions: Raw,
	given: unknown,
	context: Context = {},
): Promise<Receipt> {
	const { clock = systemClock } = context;
	const { progress, kept } = progressIn(context);
	const started = clock.now();
	const lent: Lendings = new Set();
	let deadline: Deadline | undefined;
	try {
		const accountForm = readForm(channel.account, rawAccount);
		const optionsForm = readForm(channel.options, rawOptions);
		const account = accountForm.values as Account;
		const options = optionsForm.values as Values<Fields> & DeliveryOptions & { allowTo?: boolean };
		const leftOut: { part: string; why: Text }[] = [];
		const message = readMessage(given, (part, why) => leftOut.push({ part, why }));
		// Whoever it was meant for, it is not meant for others.
		const lost = options.allowTo ? leftOut.find(({ part }) => part === 'to') : undefined;
		if (lost) throw invalid('message.to', lost.why);
		deadline = new Deadline(options.deadline, context.signal);
		const renders = channel.renders({ options, account, message });
		const reaching = new Reach(account, context, deadline);
		const enclosing = enclosuresOf(message, renders, reaching);
		const enclosed = enclosing instanceof Promise ? await enclosing : enclosing;
		const made = renderParts(message, renders, options, account.language, enclosed);
		const rendering = made instanceof Promise ? await made : made;
		const redact = (text: string) => {
			const clean = redactorOf(channel.account, rawAccount, accountForm)(text);
			const cleaner = redactorOf(channel.options, rawOptions, optionsForm)(clean);
			return lent.size === 0 ? cleaner : redactor(lent)(cleaner);
		};
		const losses = new Losses(rendering.losses);
		for (const { part } of leftOut) losses.add(part);
		const warnings = [...leftOut.map(({ why }) => why), ...rendering.warnings];
		const anew = whyNew(message, channel);
		if (anew) {
			losses.add('edit');
			warnings.push(anew);
		}
		const targets = targetsOf(channel, rawOptions, account, options, message);
		const unmet = elsewhere(channel, message, targets, options);
		if (unmet) warnings.push(unmet);
		const latest = started + options.deadline * 1000;
		const delivery = new Delivery({
			channel,
			message,
			earlier: new Earlier(context.earlier),
			form: accountForm,
			options,
			renders,
			deadline,
			clock,
			progress,
			kept,
			shared: context.shared,
			lasting: context.lasting,
			latest,
			reaching,
			lent,
			losses,
			warnings,
			redact,
		});
		await delivery.sendAll(rendering.parts, targets);
		return delivery.receipt(rendering.parts.length, started);
	} catch (error) {
		throw sealedFor(error, channel, rawAccount, rawOptions, channel.options, lent);
	} finally {
		deadline?.end();
	}
}
