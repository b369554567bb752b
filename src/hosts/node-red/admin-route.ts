/** Runs when Node-RED starts: imports nothing of ours but types. */
import type { Text } from '../../core/base/language';
import type { App, Handler, Red, Request, Response } from './red';

/**
 * Takes `POST <admin root>carillon-editor/<path>` from the editor alone; below `/carillon` triggers listen.
 * A Node-RED without adminAuth answers whoever reaches it, and any page in the user's browser does: so it must be
 * JSON, which no form sends and no other page may send unasked, and the editor's own page that sends it.
 */
export function offer(RED: Red, path: string, handler: Handler, looksOnly: Condition = () => false): void {
	if (typeof RED.httpAdmin?.post !== 'function') return;
	RED.httpAdmin.post(`/carillon-editor/${path}`, fromEditor, permitted(RED, looksOnly), handler);
}

type Condition = (request: Request) => boolean;

/** What is asked of many ids and changes nothing: whoever may read flows may ask it. */
export const reading = { keepers: 'keepers', kept: 'kept' } as const;
export const isReading = (what: string): boolean => Object.values<string>(reading).includes(what);

type Answering = (request: Request, response: Response) => Promise<void>;
const offered = new WeakMap<App, Map<string, Map<string, Answering>>>();

/** `POST <admin root>carillon-editor/<id>/<what>`, one route for all ids. */
export function offerEach(RED: Red, what: string, id: string, run: Answering): void {
	const { httpAdmin } = RED;
	if (!httpAdmin) return;
	const routes = offered.get(httpAdmin) ?? new Map<string, Map<string, Answering>>();
	offered.set(httpAdmin, routes);
	const known = routes.get(what);
	if (known) return void known.set(id, run);
	const runs = new Map([[id, run]]);
	routes.set(what, runs);
	const handler: Handler = (request, response) => {
		const { id: asked } = (request as Request & { params: { id: string } }).params;
		const chosen = runs.get(asked);
		if (!chosen) return answer(response, 404, { ok: false, message: `There is no “${asked}”.` });
		chosen(request, response).catch((thrown: unknown) =>
			answer(response, 500, { ok: false, message: String(thrown) }),
		);
	};
	offer(RED, `:id/${what}`, handler, () => isReading(what));
}

/** Why it failed: the sentence, class and code. */
export const answerFailed = (response: Response, error: { toJSON(): object }) =>
	answer(response, 422, { ok: false, ...error.toJSON() });

const fromEditor: Handler = (request, response, next) => {
	if (!isFromOwnPage(request)) return refuse(request, response, 403, foreign);
	if (!isJson(request)) return refuse(request, response, 415, notJson);
	next();
};

/** Node-RED's own check, which answers without a word. */
function permitted({ auth }: Red, looksOnly: Condition): Handler {
	const [toRead, toWrite] = [auth.needsPermission('carillon.read'), auth.needsPermission('carillon.write')];
	return (request, response, next) => {
		const [check, why] = looksOnly(request) ? [toRead, mayNotLook] : [toWrite, mayNot];
		const { end } = response;
		response.end = ((...rest: Parameters<Response['end']>) => {
			response.end = end;
			if (response.headersSent) return response.end(...rest);
			refuse(request, response, response.statusCode, why);
			return response;
		}) as Response['end'];
		check(request, response, (error) => {
			response.end = end;
			next(error);
		});
	};
}

const isJson = ({ headers }: Request) => /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '');

/** Of these two headers a page can write neither; what is no browser sends neither. */
function isFromOwnPage({ headers, socket }: Request): boolean {
	const { origin, host, 'sec-fetch-site': site = 'none' } = headers;
	if (site !== 'same-origin' && site !== 'none') return false;
	if (origin === undefined) return true;
	const page = URL.canParse(origin) ? new URL(origin) : undefined;
	if (!page || page.origin !== origin) return false;
	const [scheme = 'encrypted' in socket ? 'https' : undefined] = listed(headers['x-forwarded-proto']);
	// A proxy that ends TLS may say nothing of it.
	if (scheme !== undefined && `${scheme}:` !== page.protocol) return false;
	const forwarded = listed(headers['x-forwarded-host']);
	const ports = listed(headers['x-forwarded-port']);
	// Before a port of its own a proxy may leave it out of the host's name.
	const names = [host ?? '', ...forwarded].flatMap((name) => [name, ...ports.map((port) => `${name}:${port}`)]);
	return names.some((name) => isAt(page, name));
}

/** Each proxy on the way adds its own. */
const listed = (header: string | string[] | undefined): string[] =>
	String(header ?? '')
		.split(',')
		.map((each) => each.trim().toLowerCase())
		.filter((each) => each !== '');

/** With the port that the scheme stands for left out on either side. */
function isAt(page: URL, name: string): boolean {
	const address = `${page.protocol}//${name}`;
	return URL.canParse(address) && new URL(address).href === `${page.origin}/`;
}

/** @returns nothing: all is said to the editor */
export function answer(response: Response, status: number, body: object): void {
	if (response.headersSent || response.destroyed) return;
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
	response.end(JSON.stringify(body));
}

/** The form that asks says in which language. */
export const languageOf = ({ headers }: Request) => (/^zh/i.test(headers['accept-language'] ?? '') ? 'zh' : 'en');

const refuse = (request: Request, response: Response, status: number, why: Text) =>
	answer(response, status, { ok: false, message: why[languageOf(request)] });

const foreign: Text = {
	en: 'Carillon takes this from the Node-RED editor’s own page alone. If this is the editor, behind a proxy, let the proxy pass on Host, or X-Forwarded-Host and X-Forwarded-Proto.',
	zh: 'Carillon 只接受来自 Node-RED 编辑器自身页面的请求。如果编辑器位于反向代理之后，请让代理传递 Host，或 X-Forwarded-Host 与 X-Forwarded-Proto。',
};
const notJson: Text = {
	en: 'Carillon takes this as application/json alone, as the Node-RED editor sends it.',
	zh: 'Carillon 只接受 application/json 格式的请求，与 Node-RED 编辑器发出的一致。',
};
const mayNotLook: Text = {
	en: 'You may not see this: sign in to Node-RED.',
	zh: '没有权限：请登录 Node-RED。',
};
const mayNot: Text = {
	en: 'You may not do this here: sign in to Node-RED with write access.',
	zh: '没有权限：请以可写入的账号登录 Node-RED。',
};
