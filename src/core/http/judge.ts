import { ChannelError, type ErrorFacts } from '../base/errors';
import type { ErrorRow, Reply, Service, VendorJson } from './service';
import { named, type Text } from '../base/language';

/** Throws what the service's answer means, unless it means yes; also for answers that came over a socket. */
export function judge(service: Pick<Service, 'name' | 'replies'>, reply: Reply): void {
	const { replies = {} } = service;
	const { as = 'json' } = replies;
	const { status, json, text } = reply;
	const success = status >= 200 && status < 300;
	const understood = as === 'json' ? json !== undefined && json !== null && typeof json === 'object' : true;
	const wellFormed = understood || (as === 'json' && success && typeof json === 'number');
	const mayBeYes = wellFormed && (success || replies.anyStatus);
	if (mayBeYes && (replies.ok ? attempt(() => replies.ok!(json, reply)) : success)) {
		if (replies.ok && success && holdsNo(json)) throw contradictory(service, reply);
		return;
	}
	if (success && !wellFormed) throw unexpected(service, reply);
	throw refusal(service, reply, understood ? json : undefined, text);
}

function refusal(
	service: Pick<Service, 'name' | 'replies'>,
	reply: Reply,
	json: VendorJson,
	text: string,
): ChannelError {
	const { replies = {}, name } = service;
	const { status } = reply;
	const code = json === undefined && replies.as !== 'text' ? undefined : attempt(() => replies.code?.(json));
	const says = wordsOf(attempt(() => replies.says?.(json))) ?? (json === undefined ? excerpt(reply) : spokenIn(json));
	// A page that tells of a fault is that of a gateway, whose words are none of the service's.
	const own = status >= 500 && isPage(text) ? '' : (says ?? text.slice(0, mostWords));
	const row = replies.errors?.find((each) => matches(each, code ?? status, own));
	const retryAfter = attempt(() => replies.retryAfter?.(json)) ?? retryAfterOf(reply) ?? row?.retryAfter;
	const errorClass = row?.is ?? classOf(status);
	const isBare = saysNothing(row, code ?? status, status);
	const facts: ErrorFacts = {
		code: String(code ?? status).slice(0, mostCode),
		status,
		retryAfter,
		refresh: row?.refresh,
		because: row?.because,
		unexplained: errorClass === 'Rejected' && ofContent.has(status) && isBare,
		// Who is not known is known nowhere, and who is too fast is so everywhere.
		ofWay: isBare && status >= 400 && status !== 401 && errorClass !== 'RateLimited',
		transient: row?.transient,
		field: row?.field,
		movedTo: attempt(() => replies.movedTo?.(json)),
		// A gateway that gave up waiting does not know either.
		unknown: status === 504,
	};
	const advice = row?.do ?? adviceFor(errorClass);
	const words = says?.trim();
	const said: Text = words
		? {
				en: `{name} said no: “${trimmed(words)}” ({code}).`,
				zh: `{name} 拒绝了请求：“${trimmed(words)}”（{code}）。`,
			}
		: { en: '{name} said no ({code}).', zh: '{name} 拒绝了请求（{code}）。' };
	const sentence: Text = { en: `${said.en} ${advice.en}`, zh: `${said.zh}${advice.zh}` };
	return new ChannelError(
		errorClass,
		named(sentence, name, { code: facts.code ?? '', seconds: retryAfter ?? '' }),
		facts,
	);
}

/** A row for all that has no reason of its own, which goes by the status alone, explains nothing either. */
const saysNothing = (row: ErrorRow | undefined, code: string | number, status: number) =>
	row === undefined || (row.says === undefined && (row.code === undefined || String(code) === String(status)));

/** Statuses that may speak of what was sent, rather than of who sent it where. */
const ofContent: ReadonlySet<number> = new Set([200, 400, 413, 415, 422]);

function matches({ code, says }: ErrorRow, actual: string | number, words: string): boolean {
	const codes = code === undefined ? undefined : Array.isArray(code) ? code : [code];
	if (codes && !codes.some((each) => String(each) === String(actual))) return false;
	return says ? says.test(words) : true;
}

export function classOf(status: number): ChannelError['class'] {
	if (status === 401 || status === 403 || status === 407) return 'Unauthorized';
	if (status === 429) return 'RateLimited';
	if (status >= 500 || status === 408) return 'Unreachable';
	return 'Rejected';
}

function adviceFor(errorClass: ChannelError['class']): Text {
	switch (errorClass) {
		case 'Unauthorized':
			return { en: 'Check the keys of this account.', zh: '请检查该账号的密钥。' };
		case 'RateLimited':
			return {
				en: 'Too many messages in a short time: send fewer, or later.',
				zh: '短时间内消息过多：请减少或稍后发送。',
			};
		case 'Unreachable':
			return { en: 'The service has a fault of its own: try again later.', zh: '服务端故障：请稍后重试。' };
		default:
			return {
				en: 'Check what was filled in against the service’s documentation.',
				zh: '请对照服务文档检查填写的内容。',
			};
	}
}

function unexpected({ name }: Pick<Service, 'name'>, reply: Reply): ChannelError {
	const what: Text = isPage(reply.text)
		? { en: 'a web page', zh: '一个网页' }
		: reply.text.trim() === ''
			? { en: 'nothing', zh: '空内容' }
			: { en: 'something that is not its usual JSON', zh: '并非其惯用 JSON 的内容' };
	const text: Text = {
		en: `{name} answered with ${what.en} (HTTP {status}) instead of a receipt, so it is not known whether the message went out. Check the base URL and the proxy.`,
		zh: `{name} 返回了${what.zh}（HTTP {status}）而不是回执，无法确定消息是否发出。请检查服务地址与代理。`,
	};
	return new ChannelError('Unexpected', named(text, name, { status: reply.status }), {
		code: String(reply.status),
		status: reply.status,
		unknown: true,
	});
}

const isPage = (text: string) => /^\s*</.test(text);

/** The service's words out of an HTML error page or a plain text, short. */
function excerpt({ text }: Reply): string | undefined {
	const start = text.slice(0, mostWords);
	if (isPage(start)) return /<title[^<>]*>([^<]{1,200})/i.exec(start)?.[1]?.trim();
	return start.trim().slice(0, 300) || undefined;
}

/** A no within a yes, in any service's words: one that puts another's answer into its own, or took a part alone. */
function holdsNo(json: VendorJson, depth = 0): boolean {
	if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
	const said = json as Readonly<Record<string, unknown>>;
	if (said.ok === false || said.success === false || isFault(said.error) || isFault(said.errors)) return true;
	if (depth > 0 && [said.errcode, said.errno, said.retcode].some((code) => code !== undefined && Number(code) !== 0))
		return true;
	return depth === 0 && [said.data, said.result, said.response].some((each) => holdsNo(each, 1));
}

/** Some name it where there is none. */
function isFault(error: unknown): boolean {
	if (typeof error === 'string') return !/^(?:|success|succeeded|ok|none|no|null|false|0)$/i.test(error.trim());
	if (typeof error === 'object' && error !== null) return Object.keys(error).length > 0;
	return typeof error === 'number' ? error !== 0 : error === true;
}

function contradictory({ name }: Pick<Service, 'name'>, reply: Reply): ChannelError {
	const words = trimmed(reply.text.trim());
	const text: Text = {
		en: '{name} said yes and no in one answer, so it is not known whether the message went out: {words}',
		zh: '{name} 在同一回复中既表示成功又表示失败，无法确定消息是否发出：{words}',
	};
	return new ChannelError('Unexpected', named(text, name, { words }), {
		code: String(reply.status),
		status: reply.status,
		unknown: true,
	});
}

/** Where services say what is wrong, whatever their API: `{"error": {"message": "…"}}`, `{"detail": "…"}`. */
function spokenIn(json: VendorJson, depth = 0): string | undefined {
	if (typeof json === 'string') return json.trim() || undefined;
	if (typeof json !== 'object' || json === null || depth > 2) return undefined;
	const places: unknown[] = Array.isArray(json)
		? json.slice(0, 1)
		: spoken.map((key) => (json as Record<string, unknown>)[key]);
	for (const place of places) {
		const words = spokenIn(place as VendorJson, depth + 1);
		if (words) return words;
	}
	return undefined;
}

const spoken = ['message', 'error_description', 'detail', 'description', 'errmsg', 'msg', 'reason', 'error', 'errors'];

/** Characters of an answer that are read for what they say: no service says more, and patterns take their time. */
const mostWords = 4_096;

/** Characters of a code, which stands in the sentence beside the words. */
const mostCode = 100;

/** What a service gives for its words need not be a text. */
function wordsOf(said: unknown): string | undefined {
	if (said === undefined || said === null) return undefined;
	return (typeof said === 'string' ? said : (JSON.stringify(said) ?? '')).slice(0, mostWords);
}

const trimmed = (words: string) => (words.length > 300 ? `${words.slice(0, 300)}…` : words);

function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		// An answer of another shape than the service's own has no such thing to read.
		return undefined;
	}
}

/** Seconds, from either form of the header. */
export function retryAfterOf({ headers }: Pick<Reply, 'headers'>, now = Date.now()): number | undefined {
	const value = headers['retry-after'];
	if (value === undefined) return undefined;
	if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value);
	const at = Date.parse(value);
	return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
