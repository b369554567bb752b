import {
	NodeHelpers,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type IRunExecutionData,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { page, type Shown } from './page';
import { kept, type Asked } from './question';

/** Characters of an answer. */
const longest = 20_000;

/** Ids of questions that were answered here, the last of them: until n8n has taken an answer it would take another. */
const answered = new Set<string>();
const mostAnswered = 1_000;

/**
 * Somebody follows a link of a question. That alone answers nothing, since previews and mail scanners do too: a page asks
 * to confirm. Who has not the link's signature, or comes when the execution is over, n8n itself turns away.
 */
export async function answer(host: IWebhookFunctions): Promise<IWebhookResponseData> {
	const request = host.getRequestObject();
	const respond = (status: number, shown: Shown) => {
		const response = host.getResponseObject();
		response
			.status(status)
			.set({
				'content-type': 'text/html; charset=utf-8',
				'cache-control': 'no-store',
				// The address is the right to answer.
				'referrer-policy': 'no-referrer',
				'x-robots-tag': 'noindex',
				'content-security-policy':
					"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			})
			.send(page(shown));
		return { noWebhookResponse: true };
	};
	const waiting = waitingIn(host);
	const { asked } = waiting;
	if (!asked) return respond(410, { state: 'closed', language: 'en' });
	const { id, language, kind, labels } = asked;
	const query = request.query as Record<string, unknown>;
	if (query.question !== id) return respond(410, { state: 'closed', language });
	if (answered.has(id)) return respond(409, { state: 'answered', language });
	const choice = kind === 'approval' ? String(query.approved) : '';
	const label = labels[choice];
	if (label === undefined) return respond(410, { state: 'closed', language });
	const question = { language, question: asked, label, choice } as const;
	if (request.method !== 'POST') return respond(200, { state: 'open', ...question });
	const given = (host.getBodyData() as { text?: unknown } | undefined)?.text;
	const text = typeof given === 'string' ? given.replace(/\r\n?/g, '\n').trim() : '';
	if (kind === 'freeText' && text === '') return respond(400, { state: 'open', ...question, fault: 'empty' });
	if (text.length > longest) return respond(413, { state: 'open', ...question, fault: 'long', text });
	answered.add(id);
	if (answered.size > mostAnswered) answered.delete([...answered][0]!);
	const data = {
		...(kind === 'approval' ? { approved: choice === 'true' } : { text }),
		timedOut: false,
		respondedAt: new Date().toISOString(),
	};
	respond(200, { state: 'thanks', language, ...(kind === 'approval' && { label }) });
	return Promise.resolve({ noWebhookResponse: true, workflowData: [[answeredItem(host.getNode(), waiting, data)]] });
}

interface Waiting {
	asked?: Asked;
	/** What came in, and waits. */
	item?: INodeExecutionData;
}

/** What the execution holds of the question. n8n has no call for it in a webhook. */
function waitingIn(host: IWebhookFunctions): Waiting {
	const { runExecutionData } = host as unknown as { runExecutionData?: IRunExecutionData | null };
	if (!runExecutionData?.executionData) return {};
	const context = NodeHelpers.getContext(runExecutionData, 'node', host.getNode());
	const [entry] = runExecutionData.executionData.nodeExecutionStack;
	return { asked: context[kept] as Asked | undefined, item: entry?.data.main?.[0]?.[0] };
}

/** What goes on. An agent that waits for leave to use a tool reads the answer alone. */
function answeredItem({ type }: INode, { item }: Waiting, data: IDataObject): INodeExecutionData {
	if (type.endsWith('HitlTool')) return { json: { data } };
	const binary = item?.binary && { binary: item.binary };
	return { json: { ...item?.json, data }, ...binary, pairedItem: { item: 0 } };
}
