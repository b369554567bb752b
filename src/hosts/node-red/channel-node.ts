import type { Channel } from '../../core/define/channel';
import { compose, isMessage } from '../../core/message/compose';
import { act, deliver, verify, type Context, type Raw, type Receipt } from '../../core/deliver/deliver';
import { ChannelError, invalid, seal } from '../../core/base/errors';
import { fill, type Language, type Text } from '../../core/base/language';
import type { Message } from '../../core/message/message';
import { credentialsOf, isAccount, registerAccount, unsetIn } from './account-node';
import { handoverOf, type Handover } from '../../core/deliver/flow/handover';
import { batchIn, sends } from './flow/behind';
import { bytesAt, legible, lookedAt, toldIn } from './incoming';
import { lanes } from './lanes';
import { offerList } from './list-route';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	checkAccount,
	fromMsg,
	needsAccount,
	send,
	typeOf as nodeTypeOf,
	type Property,
} from './properties';
import type { Config, Done, Msg, Node, Red } from './red';
import { lastingOf } from './stores';
import { showError, showNothing, showSending, showSent, showWaiting } from './status';
import { offerTest } from './test-route';
import { evaluate, typeOf, wordsOf } from './typed';

/** A channel's set: its account and its node. */
export function channelSet(channel: Channel) {
	return (RED: Red): void => {
		registerAccount(RED, accountTypeOf(channel.id), channel.account, () => channel.close?.());
		const properties = channelProperties(channel);
		sends(nodeTypeOf(channel.id));
		RED.nodes.registerType(
			nodeTypeOf(channel.id),
			function (config) {
				RED.nodes.createNode(this, config);
				start(RED, this, config, channel, properties);
			},
			{ credentials: credentialsOf(properties) },
		);
		offerTest(RED, channel);
		offerList(RED, channel);
	};
}

/** Of one node: sends at a time, sends altogether, ms for which a send may hold up the next one to the same target. */
const bounds = { atOnce: 50, most: 1_000, patience: 3_000 };

function start(RED: Red, node: Node, config: Config, channel: Channel, all: readonly Property[]): void {
	const account = accountFor(RED, config, channel);
	const language: Language = account?.language === 'zh' ? 'zh' : 'en';
	const own = String(config.operation || send);
	const stop = new AbortController();
	const lasting = lastingOf(RED);
	const queue = lanes({
		...bounds,
		full: () => new ChannelError('RateLimited', tooMany, { code: 'QUEUE_FULL' }),
		closed: () => new ChannelError('Unreachable', stopped, { code: 'CANCELLED', transient: false }),
	});

	const unset = account && unsetIn(accountProperties(channel.account), account);
	if (unset) {
		node.warn(unset.text[language]);
		showError(node, language, unset);
	} else if (account) showNothing(node);
	else showWaiting(node, noAccount[language]);

	/** @returns what goes on */
	async function handle(msg: Msg, handover: Handover | undefined): Promise<Msg> {
		if (!account) throw invalid('account', noAccount);
		if (unset) throw unset;
		const warn = (text: Text) => node.warn(text[language]);
		const operation = own === fromMsg ? operationIn(msg, channel) : own;
		const properties = all.filter((property) => property.operation === operation);
		const isAsked = own === fromMsg && operation !== send;
		const values = isAsked
			? Object.fromEntries(properties.map(({ name, key }) => [name, lookedAt(msg, key)]))
			: await evaluate(RED, node, config, properties, msg, ({ text }) => warn(text));
		values.message = legible(values.message, warn);
		const context: Context = { signal: stop.signal, binary: (name) => bytesAt(RED, msg, name), lasting };
		if (operation === checkAccount) {
			showSending(node, language, queue.size);
			await queue.run('', () => verify(channel, account, context));
			return withOutcome(msg, { result: { ok: true, channel: channel.id } });
		}
		if (operation !== send) {
			const input = byKey(properties, values);
			showSending(node, language, queue.size);
			return withOutcome(msg, {
				result: await queue.run('', () => act(channel, operation, account, input, context)),
			});
		}
		const message = messageOf(config, properties, values, msg, language);
		const options = byKey(
			properties.filter(({ part }) => part === 'option'),
			values,
		);
		if (handover) {
			context.progress = await handover.progress(node.id);
			if (handover.repeatUnknown !== undefined) options.repeatUnknown = handover.repeatUnknown;
		}
		showSending(node, language, queue.size);
		// Sends to one target keep their order.
		const sending = () => deliver(channel, account, options, message, context);
		return withOutcome(msg, { receipt: await queue.run(laneOf(options.to), sending) });
	}

	/** Expressions that are being evaluated stand in no queue yet. */
	let taken = 0;
	let warned = '';
	node.on('input', (msg, out, done) => {
		taken++;
		// One that a node keeps until it is delivered: that node hears what becomes of it.
		const handover = handoverOf(batchIn(msg));
		const report = (of: { receipt: unknown } | { error: ChannelError } | { handled: ChannelError }) =>
			handover?.report(node.id, { channel: channel.id, ...of });
		const run = () => handle(msg, handover);
		(handover ? handover.whileSending(run) : run())
			.finally(() => taken--)
			.then(
				(outcome) => {
					if (stop.signal.aborted) return done();
					report({ receipt: outcome.receipt ?? outcome.result });
					const warnings = warningsOf(outcome);
					// The receipt has it every time; whoever looks at the flow needs it once.
					if (warnings !== '' && warnings !== warned) node.warn(warnings);
					warned = warnings;
					if (queue.size === 0) showSent(node, language, warnings !== '');
					out(outcome);
					done();
				},
				(thrown: unknown) => {
					if (stop.signal.aborted) return done();
					const error = seal(thrown, language, (text) => text, channel.id);
					showError(node, language, error);
					report(config.failures === true ? { handled: error } : { error });
					if (config.failures !== true) return caught(forCatch(error), msg, done);
					out([null, { ...msg, error: forOutput(error, node) }]);
					done();
				},
			)
			// A fault in what follows this node comes back here, and must not end the process.
			.catch((thrown: unknown) => node.error(fill(notPassedOn, { why: wordsOf(thrown) })[language]));
	});

	/** Node-RED copies the msg for Catch, and one with a property that throws cannot be copied. */
	function caught(error: Error, msg: Msg, done: Done): void {
		try {
			done(error);
		} catch {
			node.error(error, { _msgid: msg._msgid });
		}
	}

	node.on('close', (_removed, done) => {
		const lost = taken;
		stop.abort();
		if (lost > 0) node.warn(fill(unsent, { count: lost })[language]);
		const closing = queue.close().finally(() => lasting.giveBack());
		closing.then(
			() => done(),
			() => done(),
		);
	});
}

/** A msg may be frozen: what was sent is told all the same. */
function withOutcome(msg: Msg, outcome: { receipt: unknown } | { result: unknown }): Msg {
	try {
		return Object.assign(msg, outcome);
	} catch {
		return { ...msg, ...outcome };
	}
}

/** @throws ChannelError `Invalid('operation')` where there is none of that name */
function operationIn(msg: Msg, { actions, verify: canVerify }: Channel): string {
	const asked = lookedAt(msg, 'operation') ?? '';
	const known = [send, ...Object.keys(actions), ...(canVerify ? [checkAccount] : [])];
	if (asked === '') return send;
	if (typeof asked === 'string' && known.includes(asked)) return asked;
	throw invalid('operation', fill(noOperation, { known: known.join(', ') }));
}

const warningsOf = ({ receipt }: Msg) => ((receipt as Receipt | undefined)?.warnings ?? []).join(' ');

const laneOf = (to: unknown) =>
	[to]
		.flat()
		.filter((one) => typeof one === 'string' || typeof one === 'number')
		.join();

/** `undefined` where the node lacks the account that it needs. */
function accountFor(RED: Red, config: Config, channel: Channel): Raw | undefined {
	const node = RED.nodes.getNode(String(config.account ?? ''));
	if (isAccount(node)) return node.account;
	return needsAccount(channel.account) ? undefined : {};
}

const byKey = (properties: readonly Property[], values: Raw): Record<string, unknown> =>
	Object.fromEntries(properties.map(({ name, key }) => [key, values[name]]));

/** What the node says, and the message that came in where the node says nothing. */
function messageOf(
	config: Config,
	properties: readonly Property[],
	values: Raw,
	msg: Msg,
	language: Language,
): Message {
	const more = byKey(
		properties.filter(({ part }) => part === 'more'),
		values,
	);
	const property = properties.find(({ name }) => name === 'message')!;
	const type = typeOf(config, property);
	const place = config.message ?? property.initial.value;
	// Something named that is not there is an empty message, not another one.
	const saysNothing = place === '' && type === 'str';
	const incoming = legible(lookedAt(msg, 'payload'), () => undefined);
	const told = saysNothing || (place === 'payload' && type === 'msg') ? toldIn(msg, language) : undefined;
	const own = {
		title: values.title,
		body: told ?? values.message,
		format: values.format,
		language,
		fallbackTitle: lookedAt(msg, 'topic'),
		more,
	};
	return compose(own, !told && (isMessage(incoming) || saysNothing) ? incoming : undefined);
}

/** Node-RED takes `message` and `code` over as they are, and everything else in `cause`. */
function forCatch(error: ChannelError): Error {
	// Without a name its text is the sentence alone.
	const cause = factsOf(error);
	// The debug sidebar writes a cause as a text.
	const { class: kind, code } = error;
	Object.defineProperty(cause, 'toString', { value: () => [kind, code].filter(Boolean).join(' · ') });
	const caught = Object.assign(new Error(error.message, { cause }), { name: '' });
	caught.stack = error.stack;
	return code === undefined ? caught : Object.assign(caught, { code });
}

/** The shape that Catch nodes give, and the class beside the message. */
const forOutput = (error: ChannelError, { id, type, name }: Node) => ({
	...factsOf(error),
	source: { id, type, name },
	cause: factsOf(error),
});

/** What a flow may branch on: class, code, field, retryAfter … */
const factsOf = (error: ChannelError): object => JSON.parse(JSON.stringify(error)) as object;

const notPassedOn: Text = {
	en: 'The message could not be passed on to what follows this node: {why}',
	zh: '消息无法交给后续节点：{why}',
};
const noOperation: Text = {
	en: 'msg.operation must be one of {known}.',
	zh: 'msg.operation 只能是：{known}。',
};
const noAccount: Text = { en: 'Choose an account in this node.', zh: '请在节点中选择账号。' };
const stopped: Text = { en: 'The node was stopped before the message was sent.', zh: '消息发送前节点已停止。' };
const unsent: Text = {
	en: '{count} message(s) were not sent, or not to the end, when this node was stopped.',
	zh: '节点停止时有 {count} 条消息未发送或未发完。',
};
const tooMany: Text = {
	en: `${bounds.most} messages wait in this node already: it takes no more until some of them are sent.`,
	zh: `此节点已有 ${bounds.most} 条消息等待发送，暂不再接收。`,
};
