import type { Reception } from '../../core/reception';
import type { Happening, OutgoingReply } from '../../core/trigger';
import type { App, Handler, Next, Red, Request, Response } from './red';

/** Where a trigger takes requests, on Node-RED's own HTTP server. */
export interface Mount {
	/** Who has it: the node's id. */
	owner: string;
	reception: Reception;
	emit(happening: Happening): void;
	/** A fault of our own while receiving. */
	failed(error: Error): void;
}

interface Place {
	mount: Mount;
	/** Requests see their path below it, or the whole of it where others chose the path. */
	whole: boolean;
}

/** All that is mounted on one HTTP root: by path, in lower case, without a slash at the end. */
type Places = Map<string, Place>;

/** What the capturing middleware has found for a request. */
const claims = new WeakMap<object, Place & { path: string }>();
const roots = new WeakMap<App, Places>();

/** '/Api/v1//hook/' → '/api/v1/hook' */
export const normalised = (path: string) =>
	`/${path}`
		.replace(/\/{2,}/g, '/')
		.replace(/(.)\/$/, '$1')
		.toLowerCase();

/** @returns the id of the node that has the path already */
export function mount(RED: Red, path: string, entry: Mount, whole = false): string | undefined {
	const places = placesOf(RED);
	const key = normalised(path);
	const there = places.get(key);
	if (there && there.mount.owner !== entry.owner) return there.mount.owner;
	places.set(key, { mount: entry, whole });
	return undefined;
}

export function unmount(RED: Red, owner: string): void {
	const places = roots.get(RED.httpNode);
	for (const [path, place] of places ?? []) if (place.mount.owner === owner) places!.delete(path);
}

/** Two handlers for the life of the process, whatever comes and goes: Express has no way to take one out. */
function placesOf(RED: Red): Places {
	const { httpNode, settings } = RED;
	const known = roots.get(httpNode);
	if (known) return known;
	const places: Places = new Map();
	roots.set(httpNode, places);
	const root = normalised(httpNode.path?.() ?? '').replace(/^\/$/, '');
	captureFirst(rootAppOf(httpNode), places, root);
	httpNode.use(respond(middlewareOf(settings.httpNodeMiddleware)));
	return places;
}

function rootAppOf(app: App): App {
	return app.parent ? rootAppOf(app.parent) : app;
}

/**
 * With both roots at `/` the editor's JSON parser would read the body before the trigger sees the request,
 * and the bytes that a signature is made of would be gone. In front of it, requests for what is mounted now
 * are marked as read; they are read once they have passed the server's own authentication.
 */
function captureFirst(app: App, places: Places, root: string): void {
	const capture: Handler = (request, _response, next) => {
		if (places.size > 0) {
			const claim = find(places, pathOf(request), root);
			if (claim) {
				claims.set(request, claim);
				(request as { _body?: boolean })._body = true;
			}
		}
		next();
	};
	app.use(capture);
	const stack = (app._router ?? app.router)!.stack;
	const at = stack.findIndex(({ handle }) => handle === capture);
	stack.unshift(...stack.splice(at, 1));
}

const pathOf = (request: Request) => (request.originalUrl ?? request.url ?? '/').split('?', 1)[0]!;

/** The longest mounted path that the request is at or below. */
function find(places: Places, requested: string, root: string): (Place & { path: string }) | undefined {
	const path = requested.replace(/\/{2,}/g, '/');
	const lower = path.toLowerCase();
	if (root && !lower.startsWith(`${root}/`)) return undefined;
	const below = path.slice(root.length);
	const whole = lower.slice(root.length).replace(/(.)\/$/, '$1');
	for (let key = whole; key !== ''; key = key.slice(0, key.lastIndexOf('/'))) {
		const place = places.get(key);
		if (place) return { ...place, path: place.whole ? below : below.slice(key.length) };
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
		through(middleware, request, response, next, () => {
			take(claim, request, response).catch((error: unknown) => {
				claim.mount.failed(error instanceof Error ? error : new Error(String(error)));
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
	first(request, response, (error) =>
		error === undefined ? through(rest, request, response, next, last) : next(error),
	);
}

async function take({ mount, path }: Place & { path: string }, request: Request, response: Response): Promise<void> {
	const { reception } = mount;
	const head = {
		method: request.method ?? 'GET',
		path,
		query: Object.fromEntries(new URLSearchParams((request.originalUrl ?? request.url ?? '').split('?')[1] ?? '')),
		headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
		address: request.ip ?? request.socket.remoteAddress,
	};
	const refused = reception.admit(head);
	if (refused) {
		if (refused.failure) mount.failed(refused.failure);
		return refuse(request, response, refused);
	}
	const packed = await read(request, reception.maxBytes);
	if (packed === 'gone') return;
	if (packed === 'too large') return refuse(request, response, reception.tooLarge());
	const body = await unpacked(packed, request.headers['content-encoding'], reception.maxBytes);
	if (body === 'too large') return answer(response, reception.tooLarge());
	if (body === 'garbled')
		return answer(response, { status: 400, body: 'The body is not packed as Content-Encoding says.' });
	const { reply, happenings, failure, afterwards } = reception.receive({ ...head, body });
	answer(response, reply);
	if (failure) mount.failed(failure);
	afterwards?.then((unsaid) => unsaid && mount.failed(unsaid)).catch(mount.failed);
	for (const happening of await happenings) mount.emit(happening);
}

/** Bytes that Node gives at once. */
const oneChunk = 65_536;

/** The bytes as they came over the wire. */
function read(request: Request, maxBytes: number): Promise<Buffer | 'too large' | 'gone'> {
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
		const whole = () => done(body?.subarray(0, size) ?? (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
		// Half a request: there is nobody left to be answered.
		const broken = (error?: Error) => (!request.complete ? done('gone') : error ? failed(error) : whole());
		if (request.readableEnded || request.destroyed) return broken();
		request.on('data', take).once('end', whole).once('error', broken).once('close', broken);
	});
}

async function unpacked(
	body: Buffer,
	encoding: string | undefined,
	maxBytes: number,
): Promise<Buffer | 'too large' | 'garbled'> {
	if (encoding === undefined) return body;
	const { gunzip, inflate, brotliDecompress } = require('node:zlib') as typeof import('node:zlib');
	const unpackers = new Map([
		['gzip', gunzip],
		['x-gzip', gunzip],
		['deflate', inflate],
		['br', brotliDecompress as typeof gunzip],
	]);
	const unpack = unpackers.get(encoding.toLowerCase());
	if (!unpack) return body;
	return await new Promise((done) => {
		unpack(body, { maxOutputLength: maxBytes }, (error, result) => {
			if (!error) return done(result);
			done((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'garbled');
		});
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
