import { decodeBody } from '../../core/receive/body/body';
import type { DecodedBody } from '../../core/http/incoming';
import type { Text } from '../../core/base/language';
import type { Turns } from '../../core/base/turns';
import { Refusal, type IncomingRequest } from '../../core/define/trigger';
import { senders } from '../senders';
import { custom } from './custom.sender';
import type { DialectSender, Sender } from '../../core/define/sender';
import { keyNames } from './access';
import type { Here } from './form';

/** @throws Refusal */
export function* decodeFor({ request, options: { allowGet } }: Here, by?: DialectSender): Turns<DecodedBody> {
	if (request.method === 'GET') return fromQuery(request, allowGet || by?.dialect.gets === true);
	try {
		return yield* decodeBody(request);
	} catch (thrown) {
		// Where it may be a file, it need not be anything that is understood.
		if (!(thrown instanceof Refusal) || !by?.dialect.bytes) throw thrown;
		return { value: undefined, files: [], form: 'empty' };
	}
}

function fromQuery({ query }: IncomingRequest, isAllowed: boolean): DecodedBody {
	if (!isAllowed) {
		throw new Refusal(
			405,
			{
				en: 'GET requests are not taken here: switch “Take GET requests” on, or let the sender use POST.',
				zh: '此处不接受 GET 请求：请开启“接受 GET 请求”，或让发送方使用 POST。',
			},
			{ allow: 'POST, PUT' },
		);
	}
	const values = Object.entries(query).filter(([name]) => !keyNames.has(name.toLowerCase()) && name !== '__proto__');
	return {
		value: values.length ? Object.fromEntries(values) : undefined,
		files: [],
		form: values.length ? 'form' : 'empty',
	};
}

/** Who it comes from: the one that was chosen, else the likeliest by what it looks like. @throws Refusal where nobody sends that */
export function senderOf(
	{ value, form }: Pick<DecodedBody, 'value' | 'form'>,
	{ request, options: { sender: chosen } }: Here,
	by?: DialectSender,
): Sender {
	if (by && value !== undefined) {
		const own = by.recognise(value, request) > 0 || by.dialect.understands?.(value);
		// What another is sure of is the other's, wherever it was sent.
		const other = own ? likeliest(value, request) : undefined;
		if (own && (!other || other === by || other.dialect || other.recognise(value, request) < 0.75)) return by;
	}
	if (form === 'empty') {
		throw new Refusal(400, {
			en: 'The body is empty. (Tautulli sends nothing where its JSON template has a mistake in it.)',
			zh: '请求正文为空。（Tautulli 的 JSON 模板有误时会发送空正文。）',
		});
	}
	const sample: unknown = Array.isArray(value) ? value[0] : value;
	if (chosen !== 'auto') {
		const sender: Sender = senders.find(({ id }) => id === chosen) as Sender;
		if (sender.recognise(sample, request) > 0 || (sender.otherwise === 'own' && isObject(sample))) return sender;
		if (sender.otherwise === 'custom' && custom.recognise(sample, request) > 0)
			return { ...custom, reply: sender.reply };
		throw notUnderstood(sample, sender);
	}
	const best = likeliest(sample, request);
	if (!best) throw notUnderstood(sample);
	return best;
}

/** By what it looks like; nobody's where nobody sends such a thing. */
export function likeliest(body: unknown, request: IncomingRequest): Sender | undefined {
	let best: Sender | undefined;
	let most = 0;
	for (const sender of senders as readonly Sender[]) {
		const sure = sender.recognise(body, request);
		const score = sure > 0 ? sure + (isHinted(sender, request) ? 0.2 : 0) : 0;
		if (score > most) [best, most] = [sender, score];
	}
	return best;
}

function isHinted(
	{ id, hint = new RegExp(`\\b${id}\\b`, 'i') }: Sender,
	{ path: asked, headers }: IncomingRequest,
): boolean {
	return hint.test(asked) || hint.test(headers['user-agent'] ?? '');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const typesInChinese: Readonly<Record<string, string>> = { string: '文本', number: '数字', boolean: '布尔值' };

function notUnderstood(value: unknown, sender?: Sender): Refusal {
	const keys = isObject(value)
		? Object.keys(value)
				.slice(0, 8)
				.map((key) => key.slice(0, 40))
		: [];
	const seen: Text = keys.length
		? { en: `an object with ${keys.join(', ')}`, zh: `含有 ${keys.join('、')} 的对象` }
		: isObject(value)
			? { en: 'an empty object', zh: '空对象' }
			: value === undefined
				? { en: 'an empty list', zh: '空列表' }
				: {
						en: value === null ? 'null' : `a ${Array.isArray(value) ? 'list' : typeof value}`,
						zh:
							value === null
								? ' null'
								: Array.isArray(value)
									? '列表'
									: (typesInChinese[typeof value] ?? typeof value),
					};
	return sender
		? new Refusal(400, {
				en: `This is not what ${sender.name} sends: it is ${seen.en}.`,
				zh: `这不是 ${sender.zh} 的请求：收到的是${seen.zh}。`,
			})
		: new Refusal(400, {
				en: `The body is not understood: it is ${seen.en}.`,
				zh: `无法理解请求正文：收到的是${seen.zh}。`,
			});
}
