import {
	NodeConnectionTypes,
	NodeOperationError,
	type IHookFunctions,
	type IDataObject,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { isChannelError, redactor, seal, ChannelError } from '../../core/base/errors';
import { read, type Fields } from '../../core/base/field';
import { secretsOf } from '../../core/base/secrets';
import type { Text } from '../../core/base/language';
import { receptionist, receptionOptions, triggerAccount, type Reception } from '../../core/receive/reception';
import type { RequestHead } from '../../core/http/incoming';
import { memoryStore } from '../../core/state/store';
import {
	accessOf,
	type Connecting,
	type Happening,
	type OutgoingReply,
	type Trigger,
	isRefused,
} from '../../core/define/trigger';
import { toItem } from './binary';
import { connections } from './connections';
import { isNeeded, needsAccount, properties } from './fields';
import { codex, credentialType, displayName, nodeIcon } from './names';
import { sparing } from './sparing';

type Host = IWebhookFunctions | ITriggerFunctions | IHookFunctions;

/** Where the optional fields stand; `options` is taken, see `rawBodies`. */
const collection = 'settings';

const store = memoryStore();
const live = connections();
const say = sparing();

/** A trigger's node: requests by n8n's webhooks, polls and sockets while the workflow is active. */
export function triggerNode(trigger: Trigger) {
	const account = credentialType(trigger.accountOf ?? trigger.id);
	return class implements INodeType {
		description = describe(trigger, account);
		webhook?: INodeType['webhook'];
		webhookMethods?: INodeType['webhookMethods'];
		trigger?: INodeType['trigger'];

		constructor() {
			if (trigger.receive) {
				this.webhook = function (this: IWebhookFunctions) {
					return answer(this, trigger, account);
				};
				if (trigger.access) this.webhookMethods = openings(trigger, account);
			}
			if (trigger.connect) {
				this.trigger = function (this: ITriggerFunctions) {
					return connect(this, trigger, account);
				};
			}
		}
	};
}

function describe(trigger: Trigger, account: string): INodeTypeDescription {
	const name = displayName(trigger);
	return {
		displayName: name,
		name: trigger.id,
		icon: nodeIcon(trigger.accountOf ?? trigger.id),
		group: ['trigger'],
		// Exactly 1: what makes n8n leave the body alone, see `rawBodies`.
		version: 1,
		subtitle: trigger.receive && !trigger.receives ? '={{ "/" + $parameter["path"] }}' : '',
		description: descriptionOf(trigger),
		defaults: { name },
		codex: codex(trigger),
		documentationUrl: trigger.docs,
		eventTriggerDescription:
			trigger.receive && !trigger.receives ? 'Waiting for a request to the test URL' : 'Waiting for an event',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		// Without one there is nothing to check callers with.
		credentials: [{ name: account, required: trigger.access !== undefined || needsAccount(trigger.account) }],
		...(trigger.receive && { webhooks: webhooks(trigger) }),
		properties: trigger.receives
			? [...optionProperties(trigger), path(trigger), rawBodies()]
			: [...(trigger.receive ? [path(trigger), rawBodies()] : []), ...optionProperties(trigger)],
	};
}

/** n8n's panel shows a channel and its trigger as one, with what the trigger says. */
function descriptionOf({ accountOf, name, description: { en } }: Trigger): string {
	if (accountOf === undefined) return en;
	const channel = name.replace(/ Trigger$/, '');
	return `Send notifications with ${channel}, or start a workflow on ${en.charAt(0).toLowerCase()}${en.slice(1)}`;
}

/** n8n takes one method an entry, and tells entries apart by their name. */
function webhooks({ methods = ['POST'], receives }: Trigger): IWebhookDescription[] {
	const isOn = Object.entries(receives ?? {}).map(
		([key, values]) => `${JSON.stringify(values)}.includes($parameter[${JSON.stringify(key)}])`,
	);
	return methods.map((httpMethod, index) => ({
		name: index === 0 ? 'default' : httpMethod.toLowerCase(),
		// A method that is empty is no webhook to n8n.
		httpMethod: isOn.length ? `={{ ${isOn.join(' && ')} ? "${httpMethod}" : "" }}` : httpMethod,
		...(isOn.length && { ndvHideUrl: `={{ !(${isOn.join(' && ')}) }}` }),
		// A parameter that is hidden has no value.
		path: isOn.length ? '={{ $parameter["path"] || "carillon" }}' : '={{$parameter["path"]}}',
		isFullPath: true,
		responseMode: 'onReceived',
		responseData: 'noData',
	})) as IWebhookDescription[];
}

const path = ({ receives: show, account }: Trigger): INodeProperties => ({
	displayName: 'Path',
	name: 'path',
	type: 'string',
	default: 'carillon',
	required: true,
	placeholder: 'api/v1/webhook/emby',
	...(show && { displayOptions: { show: show as Record<string, (string | boolean)[]> } }),
	hint: [
		'Each trigger needs a path of its own: two on the same one get in each other’s way.',
		...(account.key ? ['Where the credential has a key, senders add ?apiKey=KEY to the address.'] : []),
	].join(' '),
	description: 'What stands behind /webhook/ in the address, or behind /webhook-test/ while you test',
});

/**
 * With this n8n hands over a body as it came; else it parses bodies by their content type, which loses the bytes that
 * a signature was made of, and answers by itself (422) where Jellyfin's templates make invalid JSON.
 */
const rawBodies = (): INodeProperties => ({
	displayName: 'Raw body',
	name: 'options',
	type: 'hidden',
	default: { binaryData: true },
});

function optionProperties(trigger: Trigger): INodeProperties[] {
	const fields: Fields = { ...trigger.options, ...receptionOptions };
	const onForm = Object.fromEntries(Object.entries(fields).filter(([key]) => standsOnForm(fields, key)));
	const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !standsOnForm(fields, key)));
	return [
		...properties(onForm, { literal: true }),
		{
			displayName: 'Options',
			name: collection,
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: properties(rest, { within: 'collection', literal: true }).map(previewed(trigger)),
		},
	];
}

/** n8n shows what templates make of an event by itself: it runs the node with one. */
const previewed =
	({ preview }: Trigger) =>
	(property: INodeProperties): INodeProperties =>
		preview?.fields.includes(property.name)
			? {
					...property,
					description: [
						property.description,
						'To see the result, listen for a test event: it stands in the output’s “message”.',
					]
						.filter(Boolean)
						.join('. '),
				}
			: property;

/** What must be filled in or chosen, and what hangs on that. Filters do not: n8n's panel would list each event as a trigger. */
function standsOnForm(fields: Fields, key: string): boolean {
	const field = fields[key];
	if (!field) return false;
	if (field.show) return Object.keys(field.show).every((sibling) => standsOnForm(fields, sibling));
	return isNeeded(field) || (field.kind === 'choice' && !field.optional);
}

async function accountOf(host: Host, trigger: Trigger, type: string): Promise<Record<string, unknown>> {
	if (host.getNode().credentials?.[type] || needsAccount(trigger.account)) return await host.getCredentials(type);
	return {};
}

function optionsOf(host: Host, trigger: Trigger): Record<string, unknown> {
	const fields: Fields = { ...trigger.options, ...receptionOptions };
	const collected = host.getNodeParameter(collection, {}) as IDataObject;
	const onForm = Object.keys(fields).filter((key) => standsOnForm(fields, key));
	return { ...collected, ...Object.fromEntries(onForm.map((key) => [key, host.getNodeParameter(key, '')])) };
}

/** n8n asks these as it publishes a workflow, and as it listens for a test event: what is closed is not published. */
function openings(trigger: Trigger, accountType: string): INodeType['webhookMethods'] {
	const opening = {
		checkExists: () => Promise.resolve(false),
		async create(this: IHookFunctions) {
			await checkOpening(this, trigger, accountType);
			return true;
		},
		delete: () => Promise.resolve(true),
	};
	return Object.fromEntries(webhooks(trigger).map(({ name }) => [name, opening]));
}

/** @throws NodeOperationError that says what is missing to tell who calls */
async function checkOpening(host: Host, trigger: Trigger, accountType: string): Promise<void> {
	const raw = await accountOf(host, trigger, accountType);
	let closed: unknown;
	try {
		const account = read(triggerAccount(trigger), raw) as Connecting['account'];
		closed = accessOf(trigger, { account, options: read(trigger.options, optionsOf(host, trigger)) });
	} catch (thrown) {
		closed = thrown;
	}
	if (typeof closed === 'string') return;
	throw faultOf(host, trigger, raw, closed);
}

/** The sentence in the account's language, without its secrets. */
function faultOf(host: Host, trigger: Trigger, raw: Record<string, unknown>, thrown: unknown): NodeOperationError {
	const redact = redactor(secretsOf(triggerAccount(trigger), raw));
	const { message } = seal(thrown, raw.language === 'zh' ? 'zh' : 'en', redact, trigger.id);
	const error = new NodeOperationError(host.getNode(), message);
	error.message = message;
	return error;
}

const scopeOf = (host: Host) =>
	`${host.getWorkflow().id}:${host.getNode().id}:${host.getMode() === 'manual' ? 'test' : 'live'}`;

interface Kept {
	settings: string;
	reception: Reception;
}

/** One reception a node, for as long as its settings stay: it knows the repeats and what waits for late metadata. */
const receptions = new Map<string, Kept>();
const mostReceptions = 1_000;

async function receptionOf(host: Host, trigger: Trigger, accountType: string): Promise<Reception> {
	const isTest = host.getMode() === 'manual';
	const account = await accountOf(host, trigger, accountType);
	// Whoever tests sends the same sample again and again.
	const options = { ...optionsOf(host, trigger), ...(isTest && { repeatWindow: 0 }) };
	const scope = scopeOf(host);
	const settings = JSON.stringify([account, options]);
	const kept = receptions.get(scope);
	if (kept?.settings === settings) return kept.reception;
	const reception = receptionist(trigger, { account, options, store, scope });
	kept?.reception.close();
	receptions.delete(scope);
	receptions.set(scope, { settings, reception });
	const [oldest] = receptions.keys();
	if (receptions.size > mostReceptions && oldest !== undefined) {
		receptions.get(oldest)?.reception.close();
		receptions.delete(oldest);
	}
	return reception;
}

/** Answers at once, then lets the happenings into the flow. Never throws: n8n would send the stack to the sender. */
async function answer(host: IWebhookFunctions, trigger: Trigger, accountType: string): Promise<IWebhookResponseData> {
	const nothing: IWebhookResponseData = { noWebhookResponse: true };
	try {
		const reception = await receptionOf(host, trigger, accountType);
		const head = headOf(host);
		const refused = reception.admit(head);
		if (refused) return turnAway(host, refused);
		const body = await bodyOf(host, reception, head.headers['content-encoding']);
		if (!(body instanceof Uint8Array)) return turnAway(host, body);
		const { reply: told, happenings, failure, afterwards, ...outcome } = reception.receive({ ...head, body });
		if (failure) host.logger.error(`${host.getNode().name}: ${failure.message}`);
		if (told.status >= 400) return turnAway(host, told);
		reply(host, await outcome.answer);
		const warn = (unsaid?: Error) => unsaid && host.logger.warn(`${host.getNode().name}: ${unsaid.message}`);
		afterwards?.then(warn).catch(warn);
		const items = await Promise.all((await happenings).map((happening) => toItem(host, happening)));
		return items.length ? { ...nothing, workflowData: [items] } : nothing;
	} catch (error) {
		const reason = isChannelError(error) ? error.message : 'The receiver failed; its log says why.';
		host.logger.error(`${host.getNode().name}: ${(error as Error).message}`);
		return reply(host, {
			status: 500,
			headers: { 'content-type': 'application/json; charset=utf-8' },
			body: JSON.stringify({ ok: false, error: reason }),
		});
	}
}

/** What is refused leaves a line in the log; whoever tests sees it in the editor, which would listen on otherwise. */
function turnAway(host: IWebhookFunctions, refusal: OutgoingReply): IWebhookResponseData {
	const { status, body = '' } = refusal;
	const { method = 'POST', socket } = host.getRequestObject();
	const why = reasonIn(body);
	const from = socket?.remoteAddress ?? '?';
	say(scopeOf(host), `${host.getNode().name}: refused a ${method} from ${from} with ${status}: ${why}`, (line) =>
		host.logger.warn(line),
	);
	const answered = reply(host, refusal);
	if (host.getMode() !== 'manual') return answered;
	return { ...answered, workflowData: [[{ json: { refused: { status, error: why } } }]] };
}

/** Ours are JSON with the sentence; a service's own have words of their own. */
function reasonIn(body: string): string {
	try {
		const { error } = JSON.parse(body) as { error?: unknown };
		if (typeof error === 'string') return error;
	} catch {
		// A text.
	}
	return body.slice(0, 200);
}

function reply(host: IWebhookFunctions, { status, headers = {}, body = '' }: OutgoingReply): IWebhookResponseData {
	const response = host.getResponseObject();
	if (!response.headersSent) {
		response.writeHead(status, headers);
		response.end(body);
	}
	return { noWebhookResponse: true };
}

function headOf(host: IWebhookFunctions): RequestHead {
	const request = host.getRequestObject();
	const { searchParams } = new URL(request.originalUrl ?? request.url ?? '/', 'http://localhost');
	const given: Record<string, string | string[] | undefined> = request.headers;
	const headers = Object.entries(given).flatMap(([name, value]) =>
		value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
	);
	return {
		method: request.method ?? 'POST',
		path: `/${String(host.getNodeParameter('path', '')).replace(/^\/+/, '')}`,
		query: Object.fromEntries(searchParams),
		headers: Object.fromEntries(headers),
		address: request.ip ?? request.socket?.remoteAddress,
	};
}

interface RawRequest {
	rawBody?: Buffer;
	readRawBody?(): Promise<void>;
}

/** What n8n unpacks itself: these words alone, as they are written here. */
const unpackedByN8n: ReadonlySet<string | undefined> = new Set(['gzip', 'deflate']);

/** The refusal of one that is larger than is taken here, or than n8n itself takes, or that is not packed as it says. */
async function bodyOf(
	host: IWebhookFunctions,
	reception: Reception,
	encoding: string | undefined,
): Promise<Uint8Array | OutgoingReply> {
	const request = host.getRequestObject() as unknown as RawRequest;
	try {
		if (!request.rawBody) await request.readRawBody?.();
	} catch (error) {
		const { status, code } = error as { status?: number; code?: string };
		if (status === 413) return reception.tooLarge();
		if (code?.startsWith('Z_')) return reception.garbled();
		throw error;
	}
	const body = request.rawBody ?? new Uint8Array();
	if (body.byteLength > reception.maxBytes) return reception.tooLarge();
	return unpackedByN8n.has(encoding) ? body : await reception.unpack(body, encoding);
}

/** A refusal, and the activation of the workflow in which it came. */
interface Refused {
	activation: object;
	settings: string;
	error: Error;
}

/** By node. */
const refusals = new Map<string, Refused>();

async function connect(host: ITriggerFunctions, trigger: Trigger, accountType: string): Promise<ITriggerResponse> {
	const fields = triggerAccount(trigger);
	const raw = await accountOf(host, trigger, accountType);
	const wrap = (thrown: unknown) => faultOf(host, trigger, raw, thrown);
	await checkOpening(host, trigger, accountType);
	const isTest = host.getMode() === 'manual';
	const options = optionsOf(host, trigger);
	const node = `${host.getWorkflow().id}:${host.getNode().id}`;
	const settings = JSON.stringify([raw, options]);
	const earlier = isTest ? undefined : refusals.get(node);
	// n8n tries an activation five times within 15 s, also where the workflow was unpublished meanwhile: nobody is asked
	// again what was refused a moment ago. Its next activation, or another account, asks anew.
	if (earlier?.settings === settings && earlier.activation === host.getWorkflowStaticData('node'))
		throw earlier.error;
	refusals.delete(node);
	try {
		const reception = await receptionOf(host, trigger, accountType);
		const outage = outages(host, wrap);
		const connecting: Omit<Connecting, 'emit' | 'signal'> = {
			account: read(fields, raw) as Connecting['account'],
			options: read(trigger.options, options),
			store,
			status: outage.status,
		};
		let isClosed = false;
		const listen = (happening: Happening) => {
			void reception
				.settle([happening])
				.then((settled) => Promise.all(settled.map((one) => toItem(host, one))))
				.then((items) => !isClosed && items.length && host.emit([items]))
				// The connection, and what comes next, are not to blame.
				.catch((error) => (isTest ? host.emitError(wrap(error)) : fail(host, wrap(error))));
		};
		const account = `${trigger.id}:${JSON.stringify(raw)}`;
		const run = trigger.connect as NonNullable<Trigger['connect']>;
		let close: (() => Promise<void>) | undefined;
		const closeFunction = async () => {
			isClosed = true;
			await close?.();
			if (!isTest) forget(host, reception);
		};
		if (isTest) {
			const failed = (error: Error) => host.emitError(wrap(error));
			return {
				manualTriggerFunction: async () => {
					close = await live.listen(account, run, connecting, listen, failed);
				},
				closeFunction,
			};
		}
		try {
			close = await live.start(account, run, connecting, listen, outage.failed);
		} catch (thrown) {
			forget(host, reception);
			throw thrown;
		}
		return { closeFunction };
	} catch (thrown) {
		const error = wrap(thrown);
		if (!isTest && isRefused(thrown)) {
			refusals.set(node, { activation: host.getWorkflowStaticData('node'), settings, error });
			const [oldest] = refusals.keys();
			if (refusals.size > mostReceptions && oldest !== undefined) refusals.delete(oldest);
		}
		throw error;
	}
}

/** What becomes of an active workflow's connection, told once an outage: `emitError` would start the trigger anew, at once. */
function outages(host: ITriggerFunctions, wrap: (thrown: unknown) => NodeOperationError) {
	const { name } = host.getNode();
	let isOut = false;
	let isRefusalTold = false;
	const refused = (error: NodeOperationError) => {
		if (isRefusalTold) return;
		isRefusalTold = true;
		fail(host, error);
	};
	const status: Connecting['status'] = (state, detail, isRefusal) => {
		const line = `${name}: ${state}${detail ? ` (${detail.en})` : ''}`;
		if (state === 'failed' && isRefusal && host.getMode() !== 'manual')
			refused(wrap(new ChannelError('Unauthorized', detail as Text)));
		if (state === 'failed' && !isOut) say(scopeOf(host), `${line}; trying again`, (all) => host.logger.warn(all));
		else if (state === 'connected' && isOut) host.logger.info(line);
		else host.logger.debug(line);
		if (state === 'failed') isOut = true;
		if (state === 'connected') isOut = isRefusalTold = false;
	};
	return { status, failed: (error: Error) => refused(wrap(error)) };
}

/** A failed execution, which starts the error workflow; a log line in an n8n that knows none. */
function fail(host: ITriggerFunctions, error: NodeOperationError): void {
	if (typeof host.saveFailedExecution === 'function') host.saveFailedExecution(error);
	else (host as Host).logger.error(`${error.node.name}: ${error.message}`);
}

/** Nothing of a reception lives longer than what it receives for. */
function forget(host: Host, reception: Reception): void {
	reception.close();
	const scope = scopeOf(host);
	if (receptions.get(scope)?.reception === reception) receptions.delete(scope);
}
