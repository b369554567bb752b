import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { isChannelError } from '../../../core/base/errors';
import type { OutgoingReply, Trigger } from '../../../core/define/trigger';
import type { RequestHead } from '../../../core/http/incoming';
import type { Reception } from '../../../core/receive/reception';
import { toItems } from './keep';
import { receptionOf, say, scopeOf } from './receptions';

/** Answers at once, then lets the happenings into the flow. Never throws: n8n would send the stack to the sender. */
export async function answer(
	host: IWebhookFunctions,
	trigger: Trigger,
	accountType: string,
): Promise<IWebhookResponseData> {
	const nothing: IWebhookResponseData = { noWebhookResponse: true };
	try {
		const reception = await receptionOf(host, trigger, accountType);
		const head = headOf(host);
		const refused = reception.admit(head);
		if (refused) return turnAway(host, refused);
		const body = await bodyOf(host, reception, head.headers['content-encoding']);
		if (!(body instanceof Uint8Array)) return turnAway(host, body);
		const received = await reception.receiveInTurns({ ...head, body });
		const { reply: told, happenings, failure, afterwards, ...outcome } = received;
		if (failure) host.logger.error(`${host.getNode().name}: ${failure.message}`);
		if (told.status >= 400) return turnAway(host, told);
		const answered = await outcome.answer;
		if (answered.status >= 400) return turnAway(host, answered);
		reply(host, answered);
		const warn = (unsaid?: Error) => unsaid && host.logger.warn(`${host.getNode().name}: ${unsaid.message}`);
		afterwards?.then(warn).catch(warn);
		const items = await toItems(host, await happenings);
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
