import { inTurns } from '../../core/base/turns';
import { joined } from '../../core/receive/body/joined';
import type { Reception } from '../../core/receive/reception';
import type { Happening, OutgoingReply } from '../../core/define/trigger';
import type { App, Handler, Next, Red, Request, Response } from './red';

/** Where a trigger takes requests, on Node-RED's own HTTP server. */
export interface Mount {
	/** Who has it: the node's id. */
	owner: string;
	reception: Reception;
	emit(happening: Happening): void;
	/** A fault of our own while receiving. */
	failed(error: Error): void;
	/** A request was turned away: whoever set the sender up looks here, too. */
	refused(reply: OutgoingReply): void;
}

interface Place {
	mount: Mount;
	/** Requests see their path below it, or the whole of it where others chose the path. */
	whole: boolean;
	/** Requests, by method and path, that the editor's app is known to leave alone. */
	passed: Set<string>;
}

/** A request that is for a place. */
interface Claim {
	place: Place;
	/** As the trigger sees it. */
	path: string;
	/** Method and path, as the editor's app goes by them. */
	key: string;
}

/** All that is mounted on one HTTP root: by path, in lower case, without a slash at the end. */
type Places = Map<string, Place>;

/** What the capturing middleware has found for a request. */
const claims = new WeakMap<object, Claim>();
const roots = new WeakMap<App, Places>();

/** '/Api/v1//hook/' → '/api/v1/hook' */
export const normalised = (path: string) =>
	`/${path}`
		.replace(/\/{2,}/g, '/')
		.replace(/(.)\/$/, '$1')
		.toLowerCase();

/** Where Node-RED's own editor sends bodies to: with theirs captured, nobody could sign in or deploy any more. */
const editors: ReadonlySet<string | undefined> = new Set([
	...['auth', 'context', 'debug', 'flow', 'flows', 'inject', 'library', 'nodes', 'projects', 'settings'],
	'carillon-editor',
]);

/** @returns who has the path already: a node's id, or Node-RED itself */
export function mount(RED: Red, path: string, entry: Mount, whole = false): string | undefined {
	const places = placesOf(RED);
	const key = normalised(path);
	if (isEditors(RED, key)) return 'Node-RED';
	const there = places.get(key);
	if (there && there.mount.owner !== entry.owner) return there.mount.owner;
	places.set(key, { mount: entry, whole, passed: new Set() });
	return undefined;
}

export function unmount(RED: Red, owner: string): void {
	const places = roots.get(RED.httpNode);
	for (const [path, place] of places ?? []) if (place.mount.owner === owner) places!.delete(path);
}

function isEditors({ httpNode, httpAdmin }: Red, path: string): boolean {
	const [own, root] = [rootOf(httpNode), rootOf(httpAdmin)];
	const whole = `${own}${path}`;
	// HTTP nodes with a root of their own below the editor's were put there on purpose.
	return root.startsWith(own) && whole.startsWith(`${root}/`) && editors.has(whole.slice(root.length).split('/')[1]);
}

/** '' or '/red' */
const rootOf = (app: App | undefined) => normalised(app?.path?.() ?? '').replace(/^\/$/, '');

/** Handlers for the life of the process, whatever comes and goes: Express has no way to take one out. */
function placesOf(RED: Red): Places {
	const { httpNode, httpAdmin, settings } = RED;
	const known = roots.get(httpNode);
	if (known) return known;
	const places: Places = new Map();
	roots.set(httpNode, places);
	useFirst(rootAppOf(httpNode), capture(places, rootOf(httpNode)));
	// What a user put in front of the editor may be meant for all that passes through it.
	const { httpAdminMiddleware, httpAdminCors, requireHttps } = settings;
	const isGuarded = httpAdminMiddleware || httpAdminCors || requireHttps;
	const editor = isGuarded ? undefined : besides(httpNode, httpAdmin);
	if (editor) useFirst(editor, roundEditor);
	httpNode.use(respond(middlewareOf(settings.httpNodeMiddleware)));
	return places;
}

function rootAppOf(app: App): App {
	return app.parent ? rootAppOf(app.parent) : app;
}

/** The outermost app around the other one that has nothing of this one in it. */
function besides(app: App, other: App | undefined): App | undefined {
	const around = new Set<App | undefined>();
	for (let each: App | undefined = app; each; each = each.parent) around.add(each);
	let outermost = other;
	while (outermost && !around.has(outermost.parent)) outermost = outermost.parent;
	return outermost;
}

/**
 * With both roots at `/` the editor's JSON parser would read the body before the trigger sees the request,
 * and the bytes that a signature is made of would be gone. In front of it, requests for what is mounted now
 * are marked as read; they are read once they have passed the server's own authentication.
 */
function capture(places: Places, root: string): Handler {
	return (request, _response, next) => {
		const claim = places.size > 0 ? find(places, request, root) : undefined;
		if (claim) {
			claims.set(request, claim);
			(request as { _body?: boolean })._body = true;
		}
		next();
	};
}

/**
 * With one root above the other all requests walk through the editor's app, which takes longer than all the rest.
 * What came out of it once, unanswered, is not the editor's, and goes round it from then on.
 */
const roundEditor: Handler = (request, _response, next) => {
	const claim = claims.get(request);
	next(claim?.place.passed.has(claim.key) ? 'router' : undefined);
};
const mostPassed = 100;

/** In front of all that the app has, Express' own handlers among it. */
function useFirst(app: App, handler: Handler): void {
	app.use(handler);
	const stack = (app._router ?? app.router)!.stack;
	const at = stack.findIndex(({ handle }) => handle === handler);
	stack.unshift(...stack.splice(at, 1));
}

const pathOf = (request: Request) => (request.originalUrl ?? request.url ?? '/').split('?', 1)[0]!;

/** The place with the longest path that the request is at or below. */
function find(places: Places, request: Request, root: string): Claim | undefined {
	const path = pathOf(request).replace(/\/{2,}/g, '/');
	const lower = path.toLowerCase();
	if (root && !lower.startsWith(`${root}/`)) return undefined;
	const below = path.slice(root.length);
	const whole = lower.slice(root.length).replace(/(.)\/$/, '$1');
	for (let at = whole; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
		const place = places.get(at);
		if (place)
			return {
				place,
				path: place.whole ? below : below.slice(at.length),
				key: `${request.method} ${pathOf(request)}`,
			};
	}
	return undefined;
}

function middlewareOf(given: Handler | Handler[] | undefined): Handler[] {
	if (typeof given === 'function') return [given];
	return Array.isArray(given) ? given : [];
}

function respond(middleware: readonly Handler[]): Handler {
	return (request, response, next) => {
		const claim = claims.get(request);
		if (!claim) return next();
		const { mount, passed } = claim.place;
		if (passed.size < mostPassed) passed.add(claim.key);
		through(middleware, request, response, next, () => {
			take(claim, request, response).catch((error: unknown) => {
				mount.failed(error instanceof Error ? error : new Error(String(error)));
				request.socket.destroy();
			});
		});
	};
}

/** What the user put in front of all HTTP nodes (settings.js) stands in front of this one too. */
function through(
	handlers: readonly Handler[],
	request: Request,
	response: Response,
	next: Next,
	last: () => void,
): void {
	const [first, ...rest] = handlers;
	if (!first) return last();
	first(request, response, (error) => (error ? next(error) : through(rest, request, response, next, last)));
}

async function take({ place: { mount }, path }: Claim, request: Request, response: Response): Promise<void> {
	const { reception } = mount;
	const head = {
		method: request.method ?? 'GET',
		path,
		query: queryOf(request),
		headers: headersOf(request),
		address: request.ip ?? request.socket.remoteAddress,
	};
	const refused = reception.admit(head);
	const turnAway = (reply: OutgoingReply) => {
		mount.refused(reply);
		refuse(request, response, reply);
	};
	if (refused) {
		if (!refused.failure) return turnAway(refused);
		mount.failed(refused.failure);
		return refuse(request, response, refused);
	}
	const packed = await read(request, reception.maxBytes);
	if (packed === 'gone') return;
	if (packed === 'too large') return turnAway(reception.tooLarge());
	const body = await reception.unpack(packed, head.headers['content-encoding']);
	if (!(body instanceof Uint8Array)) return turnAway(body);
	const received = reception.receiveInTurns({ ...head, body });
	const { reply, happenings, failure, afterwards, ...outcome } =
		received instanceof Promise ? await received : received;
	const told = await outcome.answer;
	await atOnce();
	answer(response, told);
	if (failure) mount.failed(failure);
	else if (reply.status >= 400) mount.refused(reply);
	afterwards?.then((unsaid) => unsaid && mount.failed(unsaid)).catch(mount.failed);
	for (const happening of await happenings) mount.emit(happening);
}

/** Requests that came together are answered together: to wake a sender for each of them takes longer than all the rest. */
const atOnce = () => new Promise<void>((done) => setImmediate(done));

function queryOf({ originalUrl, url = '/' }: Request): Record<string, string> {
	const [, search] = (originalUrl ?? url).split('?', 2);
	return search ? Object.fromEntries(new URLSearchParams(search)) : {};
}

function headersOf({ headers }: Request): Record<string, string> {
	const texts: Record<string, string> = {};
	for (const name in headers) texts[name] = String(headers[name]);
	return texts;
}

/** Bytes that Node gives at once. */
const oneChunk = 65_536;

/** The bytes as they came over the wire. */
function read(request: Request, maxBytes: number): Promise<Uint8Array | 'too large' | 'gone'> {
	return new Promise((done, failed) => {
		const declared = Number(request.headers['content-length'] ?? 0);
		// Filled as it comes, so that a large body is not there twice.
		const body = declared > oneChunk && declared <= maxBytes ? Buffer.allocUnsafeSlow(declared) : undefined;
		const chunks: Buffer[] = [];
		let size = 0;
		const take = (chunk: Buffer) => {
			if (body) chunk.copy(body, size);
			else chunks.push(chunk);
			size += chunk.length;
			if (size <= maxBytes) return;
			// The socket stays open: the refusal still goes out on it.
			request.off('data', take).pause();
			done('too large');
		};
		const whole = () => done(body?.subarray(0, size) ?? inTurns(joined(chunks)));
		// Half a request: there is nobody left to be answered.
		const broken = (error?: Error) => (!request.complete ? done('gone') : error ? failed(error) : whole());
		if (request.readableEnded || request.destroyed) return broken();
		request.on('data', take).once('end', whole).once('error', broken).once('close', broken);
	});
}

function answer(response: Response, { status, headers = {}, body = '' }: OutgoingReply): void {
	response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
	response.end(body);
}

/** Answers before the body has been read. What still comes is thrown away for a moment, so that the sender gets to read the answer. */
function refuse(request: Request, response: Response, reply: OutgoingReply): void {
	answer(response, { ...reply, headers: { ...reply.headers, connection: 'close' } });
	if (request.complete) return;
	request.resume();
	const { socket } = request;
	const timer = setTimeout(() => socket.destroy(), 2_000).unref();
	socket.once('close', () => clearTimeout(timer));
}
