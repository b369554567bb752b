import { ChannelError, invalid, isChannelError, redactor, seal } from '../../core/base/errors';
import { read } from '../../core/base/field';
import { secretsOf } from '../../core/base/secrets';
import { keepConnected } from '../../core/sockets/keepConnected';
import { fill, type Language, type Text } from '../../core/base/language';
import { play } from '../../core/receive/playing';
import { receptionist, triggerAccount, type Reception } from '../../core/receive/reception';
import { memoryStore } from '../../core/state/memory';
import type { Store } from '../../core/state/store';
import {
	isRefused,
	takesRequests,
	type Connecting,
	type Happening,
	type OutgoingReply,
	type Trigger,
} from '../../core/define/trigger';
import type { Raw } from '../../core/deliver/deliver';
import { credentialsOf, isAccount, registerAccount } from './account-node';
import { mount, unmount } from './mount';
import { offerPlay, playable } from './play-route';
import { offerPreview } from './preview-route';
import { defaultPath, needsAccount, triggerAccountType, triggerProperties, typeOf, type Property } from './properties';
import type { Config, Msg, Node, Red } from './red';
import { seldom } from './seldom';
import { lastingOf } from './stores';
import { showFailed, showOpen, showReady, showReceived, showRefused, showWaiting } from './status';

/** A trigger's set: its node, and its account where it shares none with a channel. */
export function triggerSet(trigger: Trigger) {
	return (RED: Red): void => {
		if (!trigger.accountOf) registerAccount(RED, triggerAccountType(trigger), triggerAccount(trigger));
		if (trigger.preview) offerPreview(RED, trigger);
		if (trigger.samples) offerPlay(RED, trigger);
		const properties = triggerProperties(trigger);
		RED.nodes.registerType(
			typeOf(trigger.id),
			function (config) {
				RED.nodes.createNode(this, config);
				start(RED, this, config, trigger, properties);
			},
			{ credentials: credentialsOf(properties) },
		);
	};
}

/** What is remembered of happenings outlives a deploy. */
let remembered: Store | undefined;
const store = () => (remembered ??= memoryStore());

function start(RED: Red, node: Node, config: Config, trigger: Trigger, properties: readonly Property[]): void {
	const found = RED.nodes.getNode(String(config.account ?? ''));
	const account: Raw = isAccount(found) ? found.account : {};
	const lacking = isAccount(found) ? undefined : invalid('account', config.account ? accountGone : noAccount);
	const language: Language = account.language === 'zh' ? 'zh' : 'en';
	const options = Object.fromEntries(
		properties.map(({ name, key, credential }) => [key, credential ? node.credentials?.[name] : config[name]]),
	);
	const say = (text: Text, values: Record<string, string> = {}) => fill(text, values)[language];
	const emit = (happening: Happening) => {
		try {
			node.send(msgOf(happening));
			if (!trigger.connect) showReceived(node, language, isOpen);
		} catch (thrown) {
			// The next ones are not to blame.
			fail(thrown);
		}
	};
	const fail = (thrown: unknown) => {
		const error = seal(thrown, language, redactor(secretsOf(trigger.account, account)), trigger.id);
		showFailed(node, error.message);
		node.error(error.message);
	};

	/** As a real one would come. */
	function playHere(sample: string): Text | undefined {
		try {
			play(trigger, sample, { account, options }).forEach(emit);
			return undefined;
		} catch (thrown) {
			return seal(thrown, language, redactor(secretsOf(trigger.account, account)), trigger.id).text;
		}
	}

	const warn = seldom((text) => node.warn(text), language);
	const refused = ({ status, body = '' }: OutgoingReply) => {
		const why = /"error":"([^"\\]*)/.exec(body)?.[1] ?? '';
		warn(say(turnedAway, { status: String(status), why }));
		// What is closed stays red, and a connection's dot tells of the connection.
		if (!trigger.connect && !isChannelError(reception.access)) showRefused(node, language, status, why);
	};

	const lasting = lastingOf(RED);
	let reception: Reception;
	try {
		if (lacking && needsAccount(trigger.account)) throw lacking;
		reception = receptionist(trigger, { account, options, store: store(), lasting, scope: node.id });
	} catch (thrown) {
		return fail(thrown);
	}

	const isOpen = reception.access === 'open';
	if (trigger.samples) playable.set(node.id, playHere);
	const stop = new AbortController();
	let ended: Promise<void> = Promise.resolve();
	if (isChannelError(reception.access)) close(lacking ?? reception.access);
	else {
		if (takesRequests(trigger, options)) listen();
		if (trigger.connect) ended = connect();
	}

	/** Senders are told why, where nobody else listens. */
	function close(reason: ChannelError): void {
		fail(reason);
		if (takesRequests(trigger, options) && RED.settings.httpNodeRoot !== false)
			mount(RED, pathOf(config, trigger), { owner: node.id, reception, emit, failed: fail, refused });
	}

	function listen(): void {
		if (RED.settings.httpNodeRoot === false) return fail(new ChannelError('Invalid', noHttp, { field: 'path' }));
		const entry = { owner: node.id, reception, emit, failed: fail, refused };
		const path = pathOf(config, trigger);
		const taken = mount(RED, path, entry);
		if (taken)
			return fail(
				new ChannelError('Invalid', fill(pathTaken, { path, other: nameOf(RED, taken) }), { field: 'path' }),
			);
		const others = config.usual === false ? [] : (trigger.paths ?? []);
		const lost = others
			.map((usual) => ({ usual, owner: mount(RED, usual, entry, true) }))
			.find(({ owner }) => owner !== undefined);
		if (lost) showWaiting(node, say(usualTaken, { path: lost.usual, other: nameOf(RED, lost.owner!) }));
		else if (!trigger.connect) ready(path);
	}

	function ready(text: string): void {
		if (isOpen) showOpen(node, language, text);
		else showReady(node, text);
	}

	function connect(): Promise<void> {
		const run = () =>
			trigger.connect!({
				account: read(triggerAccount(trigger), account) as Connecting['account'],
				options: read(trigger.options, options),
				emit: (happening) => {
					reception
						.settle([happening])
						.then((settled) => settled.forEach(emit))
						.catch(fail);
				},
				take: (happenings) => {
					const { answer, happenings: settled } = reception.take(happenings);
					settled.then((all) => all.forEach(emit)).catch(fail);
					return answer;
				},
				status: (state, detail) => showConnection(state, detail),
				store: store(),
				signal: stop.signal,
				...(RED.server && { server: { http: RED.server, root: RED.settings.httpNodeRoot || '' } }),
			});
		return keepConnected(run, stop.signal, (error) => {
			fail(error);
			return !isRefused(error);
		});
	}

	function showConnection(state: 'connected' | 'connecting' | 'failed', detail?: Text): void {
		if (stop.signal.aborted) return;
		const text = (detail ?? states[state])[language];
		if (state === 'connected') ready(text);
		else if (state === 'connecting') showWaiting(node, text);
		else {
			showFailed(node, text);
			node.warn(text);
		}
	}

	node.on('close', (_removed, done) => {
		playable.delete(node.id);
		unmount(RED, node.id);
		reception.close();
		stop.abort();
		// Node-RED itself gives a node 15 s.
		const patience = new AbortController();
		Promise.race([Promise.all([ended, lasting.giveBack()]), pause(10_000, patience.signal)])
			.finally(() => patience.abort())
			.then(
				() => done(),
				() => done(),
			);
	});
}

/** The message to send on, and beside it what it was made of. */
function msgOf({ message, event, raw }: Happening): Msg {
	return { payload: withBuffers(message ?? event), event: withBuffers(event), raw };
}

/** Node-RED's nodes know Buffers, and no other bytes. What holds none is given as it is. */
function withBuffers(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (value instanceof Uint8Array)
		return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	if (Array.isArray(value)) {
		const changed = value.map(withBuffers);
		return changed.some((each, at) => each !== value[at]) ? changed : value;
	}
	if (Object.getPrototypeOf(value) !== Object.prototype) return value;
	let copy: Record<string, unknown> | undefined;
	for (const [key, each] of Object.entries(value)) {
		const changed = key === 'raw' ? each : withBuffers(each);
		if (changed !== each) (copy ??= { ...value })[key] = changed;
	}
	return copy ?? value;
}

const pathOf = (config: Config, trigger: Trigger) => String(config.path || defaultPath(trigger));

const nameOf = (RED: Red, id: string) => RED.nodes.getNode(id)?.name || id;

async function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((done) => {
		const end = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', end);
			done();
		};
		const timer = setTimeout(end, ms);
		signal.addEventListener('abort', end);
	});
}

const states: Record<'connected' | 'connecting' | 'failed', Text> = {
	connected: { en: 'connected', zh: '已连接' },
	connecting: { en: 'connecting', zh: '连接中' },
	failed: { en: 'not connected', zh: '未连接' },
};
const noAccount: Text = { en: 'Choose an account in this node.', zh: '请在节点中选择账号。' };
const accountGone: Text = {
	en: 'Closed: the account of this node was deleted or is disabled. Choose another, or bring it back.',
	zh: '已关闭：该节点的账号已被删除或停用。请选择其他账号，或恢复该账号。',
};
const turnedAway: Text = { en: 'A request was refused ({status}): {why}', zh: '已拒绝一个请求（{status}）：{why}' };
const noHttp: Text = {
	en: 'HTTP nodes are switched off: settings.js has httpNodeRoot: false.',
	zh: 'HTTP 节点已关闭：settings.js 中 httpNodeRoot 为 false。',
};
const pathTaken: Text = {
	en: 'The path {path} is taken by “{other}”: choose another.',
	zh: '路径 {path} 已被“{other}”占用：请换一个。',
};
const usualTaken: Text = {
	en: 'Listening, but {path} is taken by “{other}”.',
	zh: '正在监听，但 {path} 已被“{other}”占用。',
};
