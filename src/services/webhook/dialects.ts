import type { DecodedBody, RequestHead } from '../../core/http/incoming';
import type { DialectSender, Sender } from '../../core/define/sender';
import type { Language } from '../../core/base/language';
import { Refusal, type IncomingRequest } from '../../core/define/trigger';
import { senders } from '../senders';

const dialects = (senders as readonly Sender[]).filter((one): one is DialectSender => one.dialect !== undefined);

interface Known {
	path: string;
	key: string | undefined;
	by: DialectSender | undefined;
}

/** Of requests under way, by their headers: admitting, checking and reading one ask the same. */
const known = new WeakMap<RequestHead['headers'], Known>();

/** Whose tools call, by the address: by its shape, or by the key alone where a service has no more of one. */
export function dialectOf(head: RequestHead, key: string | undefined): DialectSender | undefined {
	const { headers, path } = head;
	const found = known.get(headers);
	if (found?.path === path && found.key === key) return found.by;
	const by = lookUp(head, key);
	known.set(headers, { path, key, by });
	return by;
}

const lookUp = (head: RequestHead, key: string | undefined): DialectSender | undefined =>
	dialects.find(({ dialect }) => dialect.takes(head, undefined)) ??
	(key === undefined ? undefined : dialects.find(({ dialect }) => dialect.takes(head, key)));

/** Keys that stand where that service has them in its addresses. */
export const keysInAddress = (head: RequestHead, key: string | undefined): readonly (string | undefined)[] =>
	dialectOf(head, key)?.dialect.keys(head) ?? [];

/** What a service's tools say, wherever in a request they put it. */
export const bodyIn = (
	{ dialect }: DialectSender,
	decoded: DecodedBody,
	request: IncomingRequest,
	key: string | undefined,
): unknown => (dialect.body ? dialect.body(decoded, request, key) : decoded.value);

/** Runs what may refuse, and refuses in the words of whose tools call. @throws Refusal */
export function refusing<T>(by: DialectSender | undefined, language: Language, run: () => T): T {
	try {
		return run();
	} catch (thrown) {
		throw inWordsOf(by, language, thrown);
	}
}

/** A refusal in the words of whose tools call; whatever else was thrown as it is. */
export function inWordsOf(by: DialectSender | undefined, language: Language, thrown: unknown): unknown {
	if (!by || !(thrown instanceof Refusal) || thrown.reply) return thrown;
	const { status, reason, headers } = thrown;
	return new Refusal(status, reason, headers, by.dialect.refused(thrown, reason[language]));
}
