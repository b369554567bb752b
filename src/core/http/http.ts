import type { Dispatcher } from 'undici';
import type { Reply, Service, VendorJson } from './service';
import { undici } from './dispatchers';
import { ChannelError } from '../base/errors';
import { judge } from './judge';
import { named } from '../base/language';
import { networkError } from './networkError';
import { RoundTrip, type Headers } from './roundTrip';

export { closeConnections, dispatcherOf, limits, type Network } from './dispatchers';
export { classOf, judge, retryAfterOf } from './judge';
export { networkError, withOutcome } from './networkError';
export type { Reply, Service, VendorJson } from './service';

/** One part of a multipart form. */
export type FormPart = string | { name: string; mime: string; data: Uint8Array };

export interface Ask {
	/** Appended to those in the path; `undefined` ones are left out. */
	query?: Readonly<Record<string, string | number | boolean | undefined>>;
	headers?: Readonly<Record<string, string | undefined>>;
	json?: unknown;
	form?: Readonly<Record<string, string | number | boolean | undefined>>;
	multipart?: Readonly<Record<string, FormPart | undefined>>;
	body?: string | Uint8Array;
	/** Safe to repeat though the outcome of the first is unknown. GET and HEAD are, unless it is false. */
	idempotent?: boolean;
	/** Not judged by the channel's `replies`: any HTTP answer is returned. */
	raw?: boolean;
	/** Only against this account's own `baseUrl`, whatever its redirects say; for the rare service that redirects, how often to follow on the same origin. */
	redirects?: number;
}

/** Whether it may be made again though the outcome of the first is unknown. */
export const isRepeatable = (method: string, ask?: Ask): boolean =>
	ask?.idempotent ?? (method === 'GET' || method === 'HEAD');

/** A path below the account's base URL, or a whole URL. Throws `ChannelError`. */
export interface Http {
	/** The parsed, judged answer. */
	get(path: string, ask?: Ask): Promise<VendorJson>;
	/** The parsed, judged answer. */
	post(path: string, ask?: Ask): Promise<VendorJson>;
	call(method: string, path: string, ask?: Ask): Promise<Reply>;
}

/** HTTP for one account: its base URL, proxy and TLS, its service's way to say no. */
export const httpFor = (service: Service): Http => new ServiceHttp(service);

class ServiceHttp implements Http {
	constructor(private readonly service: Service) {}

	call(method: string, path: string, ask?: Ask): Promise<Reply> {
		return exchange(this.service, method, path, ask, whole);
	}

	get(path: string, ask?: Ask): Promise<VendorJson> {
		return exchange(this.service, 'GET', path, ask, jsonOf);
	}

	post(path: string, ask?: Ask): Promise<VendorJson> {
		return exchange(this.service, 'POST', path, ask, jsonOf);
	}
}

const whole = (reply: Reply) => reply;
const jsonOf = ({ json }: Reply): VendorJson => json;

function exchange<T>(
	service: Service,
	method: string,
	path: string,
	ask: Ask = {},
	wanted: (reply: Reply) => T,
): Promise<T> {
	return new Promise((resolve, reject) => {
		const target = placeOf(service, path, ask.query);
		const { body, type } = encode(ask);
		const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5', 'user-agent': 'Carillon' };
		if (type) headers['content-type'] = type;
		if (ask.headers)
			for (const [name, value] of Object.entries(ask.headers))
				if (value !== undefined) headers[name.toLowerCase()] = value;
		const answered = (status: number, named: Headers, text: string) => {
			if (status >= 300 && status < 400 && status !== 304)
				return resolve(redirected(service, method, ask, target, status, named.location, wanted));
			try {
				const reply = new Answer(status, named, text);
				if (!ask.raw) judge(service, reply);
				resolve(wanted(reply));
			} catch (error) {
				reject(error as Error);
			}
		};
		const repeatable = isRepeatable(method, ask);
		const failed = (error: Error, started: boolean) => {
			const isOurs = error instanceof ChannelError && error !== service.signal.reason;
			reject(isOurs ? error : networkError(service, error, target, started && !repeatable));
		};
		const options = {
			origin: target.origin,
			path: target.path,
			method: method as Dispatcher.HttpMethod,
			headers,
			body: body as string,
		};
		new RoundTrip(service, answered, failed).run(options, repeatable);
	});
}

/** Nothing that holds a secret follows a redirect to another origin, and no POST is turned into a GET. */
async function redirected<T>(
	service: Service,
	method: string,
	ask: Ask,
	from: Place,
	status: number,
	location: unknown,
	wanted: (reply: Reply) => T,
): Promise<T> {
	const to =
		typeof location === 'string' && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
	const left = ask.redirects ?? (method === 'GET' ? 3 : 0);
	if (to && to.origin === from.origin && left > 0 && (method === 'GET' || status === 307 || status === 308)) {
		return await exchange(service, method, to.href, { ...ask, query: undefined, redirects: left - 1 }, wanted);
	}
	throw new ChannelError(
		'Unexpected',
		named(
			{
				en: '{name} redirects to {to} instead of answering. Put the address that it really lives at into the base URL.',
				zh: '{name} 没有应答，而是跳转到 {to}。请把服务地址改成真正的地址。',
			},
			service.name,
			{ to: to?.origin ?? '?' },
		),
		{ status, code: String(status) },
	);
}

/** Where a request goes; `host` is for sentences. */
interface Place {
	origin: string;
	path: string;
	host: string;
	href: string;
}

/** Addresses are parsed once: that costs more than the rest of a request's preparation. */
const places = new Map<string, Place>();
const mostPlaces = 1_000;

function placeOf({ account }: Service, path: string, query: Ask['query']): Place {
	const whole = /^https?:\/\//i.test(path)
		? path
		: `${account.baseUrl ?? ''}${path.startsWith('/') ? '' : '/'}${path}`;
	const known = query === undefined ? places.get(whole) : undefined;
	if (known) return known;
	if (!URL.canParse(whole)) {
		throw new ChannelError(
			'Invalid',
			{ en: 'The web address is not a valid one.', zh: '网址无效。' },
			{ field: 'baseUrl' },
		);
	}
	const target = new URL(whole);
	for (const [name, value] of Object.entries(query ?? {}))
		if (value !== undefined) target.searchParams.append(name, String(value));
	const place = {
		origin: target.origin,
		path: target.pathname + target.search,
		host: target.host,
		href: target.href,
	};
	// A query holds something else each time.
	if (target.search === '') {
		if (places.size >= mostPlaces) places.clear();
		places.set(whole, place);
	}
	return place;
}

function encode({ json, form, multipart, body }: Ask): { body?: unknown; type?: string } {
	if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json; charset=utf-8' };
	if (form) {
		const pairs = Object.entries(form).filter(([, value]) => value !== undefined);
		return {
			body: new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString(),
			type: 'application/x-www-form-urlencoded',
		};
	}
	if (multipart) {
		const { FormData } = undici();
		const data = new FormData();
		for (const [name, part] of Object.entries(multipart)) {
			if (typeof part === 'string') data.append(name, part);
			else if (part)
				data.append(name, new File([part.data as Uint8Array<ArrayBuffer>], part.name, { type: part.mime }));
		}
		return { body: data };
	}
	return { body };
}

function parse(text: string): VendorJson {
	// A web page need not be thrown through the parser.
	if (text === '' || text.startsWith('<')) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Most answers are read by nobody for their headers. */
class Answer implements Reply {
	readonly json: VendorJson;
	private flat?: Record<string, string>;

	constructor(
		readonly status: number,
		private readonly named: Headers,
		readonly text: string,
	) {
		this.json = parse(text);
	}

	get headers(): Record<string, string> {
		if (this.flat) return this.flat;
		const flat: Record<string, string> = {};
		for (const [name, value] of Object.entries(this.named))
			if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
		return (this.flat = flat);
	}
}
