import type { MediaEvent } from '../../../src/core/message/event';
import { read } from '../../../src/core/base/field';
import type { Language } from '../../../src/core/base/language';
import type { Message } from '../../../src/core/message/message';
import { Refusal, type IncomingRequest, type Receiving, type Received } from '../../../src/core/define/trigger';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';

export const now = Date.UTC(2025, 0, 2, 3, 4, 5);

export interface Given {
	request?: Partial<IncomingRequest>;
	account?: Record<string, unknown>;
	options?: Record<string, unknown>;
	language?: Language;
	contentType?: string;
	/** How much later it comes. */
	minutes?: number;
}

export function receiving(
	body: unknown,
	{ request, account, options, language = 'en', contentType, minutes = 0 }: Given = {},
): Receiving {
	const bytes =
		body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	const type = contentType ?? 'application/json';
	return {
		request: {
			method: 'POST',
			path: '',
			query: {},
			body: bytes,
			...request,
			headers: { ...(type && { 'content-type': type }), ...request?.headers },
		},
		account: { ...read(webhookTrigger.account, { ...opened(account), ...account }), language },
		options: read(webhookTrigger.options, options ?? {}),
		now: now + minutes * 60_000,
	} as Receiving;
}

/** Whoever says nothing of who may send lets everybody. */
const opened = (account: object = {}) =>
	['key', 'username', 'password', 'hmacSecret'].some((key) => key in account) ? {} : { access: 'open' };

export function receive(body: unknown, given?: Given): Received {
	const input = receiving(body, given);
	webhookTrigger.authorize?.(input);
	return webhookTrigger.receive!(input);
}

/** The one event and message of a body. */
export function receiveOne(
	body: unknown,
	given?: Given,
): { event: MediaEvent; message: Message; key?: string; settle?: number } {
	const { events } = receive(body, given);
	expect(events).toHaveLength(1);
	const [only] = events;
	return { event: only!.event as MediaEvent, message: only!.message!, key: only!.key, settle: only!.settle };
}

export function refusalOf(run: () => unknown): Refusal {
	try {
		run();
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
	throw new Error('It was not refused');
}

/** A multipart body in the framing that media servers use. */
export function multipart(
	boundary: string,
	parts: readonly { disposition: string; type?: string; data: string | Uint8Array }[],
	newline = '\r\n',
): Buffer {
	const pieces: Uint8Array[] = [];
	for (const { disposition, type, data } of parts) {
		const head = [
			`--${boundary}`,
			`Content-Disposition: form-data; ${disposition}`,
			...(type ? [`Content-Type: ${type}`] : []),
			'',
			'',
		];
		pieces.push(Buffer.from(head.join(newline)), Buffer.from(data), Buffer.from(newline));
	}
	return Buffer.concat([...pieces, Buffer.from(`--${boundary}--${newline}`)]);
}
