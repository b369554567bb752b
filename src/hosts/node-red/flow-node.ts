import { createHash, randomUUID } from 'node:crypto';
import { invalid, isChannelError, seal } from '../../core/base/errors';
import { read, type Fields } from '../../core/base/field';
import type { Language, Text } from '../../core/base/language';
import { fill } from '../../core/base/language';
import { hostZone } from '../../core/base/wallClock';
import { inZone, type Flow, type FlowValues } from '../../core/define/flow';
import { command, commandIn } from '../../core/deliver/flow/commanding';
import { enter, stepOf, type Entered } from '../../core/deliver/flow/entering';
import { isPassing, type Passing } from '../../core/define/passing';
import { handOver, handoverOf, type Handover } from '../../core/deliver/flow/handover';
import type { Raw } from '../../core/deliver/deliver';
import { release } from '../../core/deliver/flow/releasing';
import { isHappeningId } from '../../core/message/happening';
import type { Lent } from '../../core/state/lending';
import { redisAccount } from '../../core/state/redis/account';
import { pump } from '../../core/state/pump';
import type { Held } from '../../core/state/store';
import { batchIn, sendersBehind } from './flow/behind';
import { pack, unpack, type Packed } from './flow/content';
import { keepers, offerKept, type Keeper } from './flow/kept-route';
import { isAccount, unsetIn } from './account-node';
import { passingSet } from './passing-node';
import { accountProperties, flowProperties, typeOf, type Property } from './properties';
import type { Config, Msg, Node, Red } from './red';
import { showFailed, showNothing, showReady } from './status';
import { storeOf } from './stores';
import { evaluate } from './typed';

/** Messages of one node that are under way at once. */
const mostAtOnce = 16;
/** ms */
export const times = {
	/** Of what is under way, unless it is prolonged. */
	lease: 60_000,
	/** After a report, for those that others may yet make. */
	quiet: 2_000,
	/** Without any. */
	unheard: 10 * 60_000,
	/** For what is being sent when the node is stopped; Node-RED gives it 15 s. */
	close: 8_000,
};

/** A flow node's set. */
export const flowSet = (flow: Flow | Passing) => (isPassing(flow) ? passingSet(flow) : keepingSet(flow));

/** Of one that keeps something. */
function keepingSet(flow: Flow) {
	return (RED: Red): void => {
		const properties = flowProperties(flow);
		offerKept(RED, flow);
		RED.nodes.registerType(typeOf(flow.id), function (config) {
			RED.nodes.createNode(this, config);
			start(RED, this, config, flow, properties);
		});
	};
}

function start(RED: Red, node: Node, config: Config, flow: Flow, properties: readonly Property[]): void {
	const language: Language = config.language === 'zh' ? 'zh' : 'en';
	const failed = (thrown: unknown): Error => {
		const error = isChannelError(thrown) ? seal(thrown, language, (text) => text) : (thrown as Error);
		showFailed(node, error.message);
		return error;
	};

	let lent: Lent | undefined;
	let values: FlowValues;
	let fault: Error | undefined;
	const each = new Set(flow.each);
	const ofNode = Object.fromEntries(Object.entries(flow.fields).filter(([key]) => !each.has(key)));
	const raw = Object.fromEntries(properties.map(({ name, key }) => [key, config[name]]));
	try {
		values = inZone(flow, read(ofNode, raw) as FlowValues, hostZone());
		lent = storeOf(RED, (text) => node.warn(text[language]), values.store, accountNamed(RED, config.account));
	} catch (thrown) {
		fault = failed(thrown);
		node.error(fault.message);
	}

	const { store } = lent ?? {};
	const scope = node.id;
	const keeper: Keeper = { flow: flow.id, name: config.name ?? '', store, fault: fault?.message };
	if (flow.lists) keepers.set(node.id, keeper);
	const holder = randomUUID();
	const underWay = new Set<Handover>();
	const running =
		store &&
		pump({
			...{ store, scope, holder, lease: times.lease, most: mostAtOnce, extends: true, emit },
			settings: createHash('sha256').update(JSON.stringify(values!)).digest('hex'),
			pace: flow.pace?.(values!),
			step: stepOf(flow, store, scope, values!),
			failed: (thrown) => {
				if (thrown === undefined) return showNothing(node);
				node.error(failed(thrown).message);
			},
		});
	if (running) showNothing(node);

	/** Puts one on its way. */
	async function emit(batch: Held): Promise<void> {
		const { departure, judge } = await release(flow, store!, batch, values);
		if (!departure) {
			await store!.settle(scope, batch.id, holder, { done: null });
			return showReady(node, said.nothing[language]);
		}
		const { output, content, files = {} } = departure;
		const msg = await unpack(content, files, (name) => store!.blob(scope, batch.id, files[name]?.stored ?? name));
		// What was given up is told, and is over. So is what nobody behind sends, unless the node judges that.
		const expected = output === 0 ? sendersBehind(RED, node.id, output) : 0;
		const isPassed = !flow.judge;
		const isOver = output !== 0 || (isPassed && expected === 0);
		const handover = handOver(batch.id, {
			...{ store: store!, batch, holder, quiet: times.quiet, isPassed },
			unheard: isPassed ? times.quiet : times.unheard,
			...(expected > 0 && { expected }),
			repeatUnknown: flow.repeatUnknown?.(values),
			judge: (reports) => judge(reports, handover.isHeard || output !== 0),
			ended: (error) => {
				underWay.delete(handover);
				if (error !== undefined) node.error(failed(error).message);
			},
		});
		underWay.add(handover);
		msg.carillon = { ...(msg.carillon as object | undefined), batch: batch.id };
		node.send(flow.outputs.map((_, at) => (at === output ? msg : null)));
		if (isPassed) showReady(node, `${said.released[language]} ${clockTime(Date.now(), values)}`);
		if (isOver) await handover.end();
	}

	async function take(msg: Msg): Promise<void> {
		if (!store) throw fault ?? invalid('store', notOpen);
		const commanded = commandIn(flow, msg);
		if (commanded) {
			await command(flow, store, scope, commanded, values);
			return showReady(node, commanded.command);
		}
		const evaluated = await evaluate(RED, node, config, properties, msg, () => undefined);
		const given = Object.fromEntries(properties.map(({ name, key }) => [key, evaluated[name]]));
		const packed = pack(msg);
		if (packed.left.length > 0) node.warn(fill(leftOut, { paths: packed.left.join(', ') })[language]);
		const id = flow.isAnew ? anew(msg) : idOf(msg, packed);
		const arrival = { ...packed, id, place: 'payload' as const };
		const ofMessage = inZone(flow, read(flow.fields, given) as FlowValues, hostZone());
		const { passes, ...left } = await enter(flow, store, scope, arrival, ofMessage);
		showReady(
			node,
			passes ? flow.outputs[passes.output]![language] : left.waiting > 0 ? waits(left) : said.kept[language],
		);
		if (!passes) return;
		// As it came, with its request and its functions, unless something was added to it.
		const on = passes.content === arrival.content ? msg : await passing(msg, passes.content, packed);
		node.send(flow.outputs.map((_, at) => (at === passes.output ? on : null)));
	}

	/** Each is another, but for those of a batch that another node lets out once more: the nth of it is the nth again. */
	const ofBatch = new WeakMap<Handover, number>();
	function anew(msg: Msg): string {
		const handover = handoverOf(batchIn(msg));
		if (!handover) return randomUUID();
		const nth = ofBatch.get(handover) ?? 0;
		ofBatch.set(handover, nth + 1);
		return `${handover.batch}:${nth}`;
	}

	const waits = ({ waiting, until }: Pick<Entered, 'waiting' | 'until'>) =>
		`${waiting} ${said.waiting[language]}${until === undefined ? '' : ` → ${clockTime(until, values)}`}`;

	node.on('input', (msg, _send, done) => {
		take(msg)
			.then(
				() => done(),
				(thrown: unknown) => done(failed(thrown)),
			)
			.catch((thrown: unknown) => node.error(String(thrown)));
	});

	node.on('close', (_removed, done) => {
		const close = async () => {
			// Another one may have taken its place.
			if (keepers.get(node.id) === keeper) keepers.delete(node.id);
			await running?.close();
			await Promise.all([...underWay].map((handover) => handover.leave(times.close)));
			await lent?.giveBack();
		};
		close().then(
			() => done(),
			() => done(),
		);
	});
}

/** @throws ChannelError where the node names one that is not there, or that lacks a variable */
function accountNamed(RED: Red, id: unknown): Raw | undefined {
	if (!id) return undefined;
	const node = RED.nodes.getNode(String(id));
	if (!isAccount(node)) throw invalid('account', noAccount);
	const unset = unsetIn(accountProperties(redisAccount as Fields), node.account);
	if (unset) throw unset;
	return node.account;
}

/** Delivered again, what tells of a happening is the same arrival; anything else is itself, however it looks. */
function idOf({ payload, event }: Msg, { content }: Packed): string {
	const happening = [payload, event]
		.map((one) => (one as { happening?: unknown } | null | undefined)?.happening)
		.find(isHappeningId);
	if (happening === undefined) return randomUUID();
	return createHash('sha256')
		.update(JSON.stringify([happening, content]))
		.digest('base64url');
}

/** A message that something was added to: what is not kept of one stays with it all the same. */
async function passing(msg: Msg, content: object, { files, left }: Packed): Promise<Msg> {
	const changed = await unpack(content as Packed['content'], files, (name) => Promise.resolve(files[name]?.data));
	const aside = ['req', 'res', '_msgid', ...left].filter((name) => name in msg && !(name in changed));
	return { ...changed, ...Object.fromEntries(aside.map((name) => [name, msg[name]])) };
}

/** Of an instant: hours and minutes, with the date where that is another. */
function clockTime(instant: number, values: object): string {
	const { timeZone = hostZone() } = values as { timeZone?: string };
	const [date, time] = new Date(instant).toLocaleString('sv-SE', { timeZone }).split(' ') as [string, string];
	const [today] = new Date().toLocaleString('sv-SE', { timeZone }).split(' ');
	return `${date === today ? '' : `${date.slice(5)} `}${time.slice(0, 5)}`;
}

const said = {
	kept: { en: 'kept', zh: '已保存' },
	waiting: { en: 'waiting', zh: '条等待' },
	released: { en: 'released', zh: '已放出' },
	nothing: { en: 'nothing waits', zh: '无等待' },
} satisfies Record<string, Text>;
const noAccount: Text = {
	en: 'The account of the store is missing or disabled: choose another one in this node, or none.',
	zh: '存储所用的账号不存在或已停用：请在节点中另选账号，或不选。',
};
const notOpen: Text = { en: 'The store is not open.', zh: '存储未打开。' };
const leftOut: Text = {
	en: 'What cannot be kept was left out of the message: {paths}',
	zh: '消息中无法保存的内容已略去：{paths}',
};
