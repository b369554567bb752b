import { isChannelError } from '../../../core/base/errors';
import type { Language, Text } from '../../../core/base/language';
import type { Content, FileFacts, Flow } from '../../../core/define/flow';
import { incomingMessage } from '../../../core/message/incoming';
import { wakePump } from '../../../core/state/pump';
import type { Listed, Store, Which } from '../../../core/state/store';
import { answer, languageOf, offerEach, reading } from '../admin-route';
import type { Config, Msg, Red, Request, Response } from '../red';

/** A node that keeps messages, as it is deployed. */
export interface Keeper {
	/** Of its definition. */
	flow: string;
	name: string;
	store?: Store;
	/** Why it has none. */
	fault?: string;
}

/** By node id, which is its scope in the store. */
export const keepers = new Map<string, Keeper>();

/** Of an answer, at most: a body has up to a megabyte. */
const page = 20;
/** Characters that are shown of a text. */
const shown = 300;
/** Nodes in one answer. */
const mostNodes = 200;

/**
 * Lets the editor's sidebar see what nodes of this kind keep, and send it again or drop it:
 * `POST <admin root>carillon-editor/<id>/{keepers,kept,sendAgain,drop,seen}`.
 */
export function offerKept(RED: Red, flow: Flow): void {
	if (!flow.lists) return;
	const on = (what: string, run: (asked: Asked, language: Language) => Promise<object>) =>
		offerEach(RED, what, flow.id, (request, response) => told(run, request, response));
	on(reading.keepers, async (_, language) => ({ keepers: await keepersOf(RED, flow, language) }));
	on(
		reading.kept,
		async ({ node, which, past }, language) => await listed(storeOf(node, language), node, which, past),
	);
	on('sendAgain', (asked, language) => change('resend', asked, language));
	on('drop', (asked, language) => change('drop', asked, language));
	on('seen', async ({ node, notice }, language) => {
		await storeOf(node, language).dismiss(notice);
		return { ok: true };
	});
}

/** What the editor sends. */
interface Asked {
	node: string;
	which: Which;
	/** `seq` of the last one that it has. */
	past: number;
	/** Id of a message. */
	message: string;
	notice: string;
}

/** Something that cannot be done, and why. */
class Refusal extends Error {}

async function told(
	run: (asked: Asked, language: Language) => Promise<object>,
	request: Request,
	response: Response,
): Promise<void> {
	const language = languageOf(request);
	const given = (request.body ?? {}) as Partial<Record<keyof Asked, unknown>>;
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	try {
		const asked: Asked = {
			node: text(given.node),
			which: lists.find((each) => each === given.which) ?? 'waiting',
			past: Number.isSafeInteger(given.past) ? (given.past as number) : 0,
			message: text(given.message),
			notice: text(given.notice),
		};
		answer(response, 200, await run(asked, language));
	} catch (thrown) {
		answer(response, 422, { ok: false, message: sentenceOf(thrown, language) });
	}
}

const lists: readonly Which[] = ['held', 'waiting', 'dead', 'done'];

const sentenceOf = (thrown: unknown, language: Language) =>
	isChannelError(thrown) ? thrown.text[language] : thrown instanceof Error ? thrown.message : String(thrown);

function storeOf(node: string, language: Language): Store {
	const keeper = keepers.get(node);
	if (!keeper) throw new Refusal(notDeployed[language]);
	if (!keeper.store) throw new Refusal(keeper.fault);
	return keeper.store;
}

async function change(what: 'resend' | 'drop', { node, message }: Asked, language: Language): Promise<object> {
	if (!(await storeOf(node, language)[what](node, message))) throw new Refusal(gone[language]);
	wakePump(node);
	return { ok: true };
}

/** Every node of this kind that runs, with how much it keeps. */
async function keepersOf(RED: Red, flow: Flow, language: Language): Promise<object[]> {
	const own = [...keepers].filter(([, keeper]) => keeper.flow === flow.id).slice(0, mostNodes);
	const placeOf = places(RED);
	return await Promise.all(
		own.map(async ([id, { name, store, fault }]) => {
			const about = { id, name, place: placeOf(id) };
			if (!store) return { ...about, fault };
			try {
				const { waiting, held, dead, done } = await store.status(id);
				const notices = (await store.notices()).map(({ id, text }) => ({ id, text: text[language] }));
				return { ...about, counts: { waiting, held, dead, done }, notices };
			} catch (error) {
				return { ...about, fault: sentenceOf(error, language) };
			}
		}),
	);
}

/** The tab that a node stands on; of one within a subflow, the instance that it belongs to. */
function places(RED: Red): (id: string) => string {
	const all = new Map<string, Config>();
	RED.nodes.eachNode((config) => all.set(config.id, config));
	return (id) => {
		// Node-RED joins the ids of the instance and of the node within it.
		const config = all.get(id) ?? all.get(id.split('-')[0]!);
		const around = all.get(String(config?.z));
		return String((all.has(id) ? around?.label : config?.name) ?? '');
	};
}

async function listed(store: Store, node: string, which: Which, past: number): Promise<object> {
	const order = which === 'waiting' || which === 'held' ? 'oldest first' : 'newest first';
	const rows = await store.list(node, which, page + 1, past, order);
	const now = await store.now(node);
	const entries = rows.slice(0, page).map((row) => entryOf(row, now));
	return { entries, ...(rows.length > page && { past: rows[page - 1]!.seq }) };
}

/** Texts alone, and no more of them than is looked at. */
function entryOf(
	{ id, which, lane, attempt, error, result, body, madeAt, dueAt, endedAt }: Listed,
	now: number,
): object {
	const { content = {}, files = {} } = (body ?? {}) as { content?: Content; files?: Record<string, FileFacts> };
	return {
		...about(content as Msg),
		...{ id, lane: lane && cut(lane), error: error && cut(error, 1_000) },
		// One that was given up was taken once more, to say so.
		attempts: which === 'dead' ? Math.max(0, attempt - 1) : attempt,
		...{ since: madeAt, ended: endedAt, files: Object.keys(files).length },
		...(which === 'waiting' && dueAt > now && { due: dueAt }),
		...(which === 'done' && { sent: channelsIn(result).slice(0, page).map(sentBy) }),
	};
}

const cut = (text: string, most = shown) => {
	const characters = [...text.slice(0, 2 * most)];
	return characters.length > most || text.length > 2 * most ? `${characters.slice(0, most).join('')}…` : text;
};

/** What somebody would know the message by. */
function about({ payload, topic }: Msg): { title?: string; text: string } {
	const message = typeof payload === 'string' ? { body: payload, title: undefined } : incomingMessage(payload);
	const title = [message?.title, topic].find((one): one is string => typeof one === 'string' && one !== '');
	const text = message?.body ?? (payload === null || payload === undefined ? '' : JSON.stringify(payload));
	return { ...(title !== undefined && { title: cut(title) }), text: cut(String(text)) };
}

/** Of what an outbox noted when it was over. */
interface Sent {
	channel?: unknown;
	handled?: unknown;
	receipt?: { ids?: unknown; parts?: unknown; degraded?: unknown; warnings?: unknown } | null;
}

const channelsIn = (result: unknown): Sent[] => {
	const { channels } = (result ?? {}) as { channels?: unknown };
	return Array.isArray(channels) ? (channels as Sent[]) : [];
};

const mostTexts = 5;

function sentBy({ channel, handled, receipt }: Sent): object {
	const texts = (given: unknown) =>
		Array.isArray(given) ? given.slice(0, mostTexts).map((one) => cut(String(one))) : [];
	return {
		channel: String(channel),
		...(typeof handled === 'string' && { handled: cut(handled) }),
		...{ ids: texts(receipt?.ids), parts: Number(receipt?.parts ?? 0) },
		...{ degraded: texts(receipt?.degraded), warnings: texts(receipt?.warnings) },
	};
}

const notDeployed: Text = {
	en: 'This node is not running: deploy it first.',
	zh: '该节点未在运行：请先部署。',
};
const gone: Text = {
	en: 'This message is gone, or on its way just now: refresh the list.',
	zh: '该消息已不存在，或正在投递中：请刷新列表。',
};
