import { fill, type Language, type Text } from '../base/language';
import type { Message } from './message';
import { formatOf, levelOf, truthOf } from './synonyms';

type Item = Readonly<Record<string, unknown>>;

/** Where others put the text of a message, most telling first. */
const bodyKeys = [
	...['message', 'text', 'body', 'output', 'contentSnippet', 'content', 'textPlain', 'plain', 'snippet'],
	...['description', 'summary', 'answer', 'response', 'completion', 'msg', 'desp', 'textHtml', 'html', 'data'],
] as const;
const titleKeys = ['title', 'subject', 'Subject', 'headline'] as const;
const linkKeys = ['url', 'link', 'href'] as const;

/**
 * What somebody who sees an item of another node would take for its message: a message of ours, an error of n8n or
 * Node-RED, or the text, title, link and picture under the names that are usual for them.
 * Pure. `undefined`: nothing in it is meant to be read.
 * @param deep how far a text may be wrapped, as models wrap their answers
 */
export function incomingMessage(item: unknown, language: Language = 'en', deep = 3): Message | undefined {
	if (typeof item !== 'object' || item === null || Array.isArray(item) || ArrayBuffer.isView(item)) return undefined;
	const given = item as Item;
	const own = ownMessage(given.message) ?? ownMessage(given);
	if (own) return own;
	const failure = failedWorkflow(given, language) ?? failedNode(given, language) ?? nodeStatus(given);
	if (failure) return failure;
	const inner = deep > 0 ? wrapped(given, language, deep - 1) : undefined;
	const text = bodyKeys.map((key) => [key, textOf(given[key])] as const).find(([, value]) => value !== undefined);
	const title = firstText(given, titleKeys);
	const about = aboutOf(given);
	// A wrapped answer is nearer to what was meant than what describes it.
	if (inner) return { ...about, ...inner, ...(!inner.title && title !== undefined && { title }) };
	if (text) {
		const [key, body] = text;
		const isHtml = /html$/i.test(key) || (key === 'content' && /<\/?[a-z][^<>]*>/i.test(body!));
		return {
			...about,
			body: body!,
			...(title !== undefined && { title }),
			...(isHtml && !about.format && { format: 'html' as const }),
		};
	}
	// A headline with a link is all that some feeds give.
	if (title !== undefined && about.url !== undefined) return { ...about, body: title, format: 'text' };
	// The place for a text is there, and empty.
	if (['message', 'text', 'body', 'output'].some((key) => typeof given[key] === 'string'))
		return { ...about, body: title ?? '' };
	// Of a request to a webhook nobody means the headers.
	return 'headers' in given && isItem(given.body) && Object.keys(given.body).length > 0
		? { body: JSON.stringify(given.body, null, 2), format: 'text' }
		: undefined;
}

/** A whole message by the names of its parts. What cannot be used of them is told by whoever reads it, and costs no other part. */
function ownMessage(value: unknown): Message | undefined {
	if (typeof value !== 'object' || value === null || typeof (value as Item).body !== 'string') return undefined;
	// An answer of a server, which has headers and a status beside its body.
	return 'headers' in value || 'statusCode' in value ? undefined : (value as Message);
}

/** Of n8n's Error Trigger: an execution that failed, or a trigger that did. */
function failedWorkflow({ execution, trigger, workflow }: Item, language: Language): Message | undefined {
	if (!isItem(workflow)) return undefined;
	const run = isItem(execution) ? execution : {};
	const error = isItem(run.error) ? run.error : isItem(trigger) && isItem(trigger.error) ? trigger.error : undefined;
	if (!error) return undefined;
	const cause = isItem(error.cause) ? error.cause : {};
	const node =
		textOf(run.lastNodeExecuted) ??
		(isItem(error.node) ? textOf(error.node.name) : undefined) ??
		nameIn(cause.node);
	const why = firstText(error, ['message', 'description']) ?? textOf(cause.message) ?? says(unexplained, language);
	const more = textOf(error.description);
	const url = linkOf(run.url);
	const id = textOf(run.id);
	return {
		title: says(workflowFailed, language, { workflow: textOf(workflow.name) ?? textOf(workflow.id) ?? '?' }),
		body: [node === undefined ? why : says(atNode, language, { node, why }), more === why ? undefined : more]
			.filter(Boolean)
			.join('\n'),
		format: 'text',
		level: 'failure',
		type: 'workflow.failed',
		...(url !== undefined && { url }),
		...(id !== undefined && { key: `n8n:execution:${id}` }),
	};
}

/** Of Node-RED's Catch. What one of our own nodes could not send is a message still, for another channel. */
function failedNode({ error, payload }: Item, language: Language): Message | undefined {
	if (!isItem(error) || !isItem(error.source) || /^carillon-/.test(String(error.source.type ?? ''))) return undefined;
	const why = textOf(error.message) ?? says(unexplained, language);
	const source = textOf(error.source.name) ?? textOf(error.source.type) ?? '?';
	// A text beside it is what the flow says of it, or what the node could not take.
	const said = textOf(payload);
	return {
		title: says(nodeFailed, language, { node: source }),
		body: said === undefined ? why : said.includes(why) ? said : `${why}\n\n${said}`,
		format: 'text',
		level: 'failure',
		type: 'node.failed',
	};
}

/** Of Node-RED's Status. */
function nodeStatus({ status, payload }: Item): Message | undefined {
	if (!isItem(status) || !isItem(status.source) || payload !== undefined) return undefined;
	const text = textOf(status.text);
	const title = textOf(status.source.name) ?? textOf(status.source.type);
	if (text === undefined) return undefined;
	return {
		...(title !== undefined && { title }),
		body: text,
		format: 'text',
		...(status.fill === 'red' && { level: 'failure' as const }),
		...(status.fill === 'yellow' && { level: 'warning' as const }),
	};
}

/** The bodies of requests, and the answers of models, which lie some way down. */
function wrapped(item: Item, language: Language, deep: number): Message | undefined {
	for (const key of ['body', 'output', 'message', 'choices', 'content', 'parts', 'data', 'json'] as const) {
		const value = item[key];
		const inside = Array.isArray(value) ? (value as unknown[]).find(isItem) : value;
		if (!isItem(inside)) continue;
		const found = incomingMessage(inside, language, deep);
		if (found) return found;
	}
	return undefined;
}

/** What goes with a text. */
function aboutOf(item: Item): Partial<Message> {
	const url = linkKeys.map((key) => linkOf(item[key])).find((link) => link !== undefined);
	const level = levelOf(item.level);
	const image = linkOf(isItem(item.image) ? item.image.url : item.image);
	const format = formatOf(item.format);
	const silent = truthOf(item.silent);
	return {
		...(url !== undefined && { url }),
		...(level && { level }),
		...(image !== undefined && { image: { url: image } }),
		...(format && { format }),
		...(silent !== undefined && { silent }),
	};
}

const isItem = (value: unknown): value is Item =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const nameIn = (node: unknown) => (isItem(node) ? textOf(node.name) : undefined);

function textOf(value: unknown): string | undefined {
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

const firstText = (item: Item, keys: readonly string[]) =>
	keys.map((key) => textOf(item[key])).find((text) => text !== undefined);

const linkOf = (value: unknown): string | undefined =>
	typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : undefined;

const says = (text: Text, language: Language, values: Record<string, string> = {}) => fill(text, values)[language];

const workflowFailed: Text = { en: 'Workflow “{workflow}” failed', zh: '工作流“{workflow}”执行失败' };
const nodeFailed: Text = { en: '“{node}” failed', zh: '“{node}”出错' };
const atNode: Text = { en: '{node}: {why}', zh: '{node}：{why}' };
const unexplained: Text = { en: 'No reason was given.', zh: '未说明原因。' };
