import type { Answer, Seen } from '../../service';

export const apiKey = 'key-0123456789abcdef';

export interface Received {
	fields: Record<string, string[]>;
	files: [name: string, filename: string, type: string][];
}

export async function mailIn({ headers, body }: Pick<Seen, 'headers' | 'body'>): Promise<Received> {
	const received: Received = { fields: {}, files: [] };
	const form = await new Response(new Uint8Array(body), {
		headers: { 'content-type': headers['content-type']! },
	}).formData();
	for (const [name, value] of form) {
		if (typeof value === 'string') (received.fields[name] ??= []).push(value.replaceAll('\r\n', '\n'));
		else received.files.push([name, value.name, value.type]);
	}
	return received;
}

/** Refuses in Mailgun's order: key, domain, size, fields. */
export async function mailgunApi({ method, path, headers, body }: Seen): Promise<Answer> {
	if (headers.authorization !== `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`)
		return { status: 401, body: 'Forbidden' };
	if (method !== 'POST' || path !== '/v3/mg.example.com/messages')
		return { status: 404, body: { message: 'Domain not found: other.example.com' } };
	// Before anything in it is read.
	if (body.length > 25_000_000) return { status: 413, body: { message: 'Request Entity Too Large' } };
	const { fields } = await mailIn({ headers, body });
	for (const name of ['from', 'to'])
		if (!fields[name]) return { status: 400, body: { message: `'${name}' parameter is missing` } };
	if (!fields.text && !fields.html && !fields.template)
		return {
			status: 400,
			body: { message: "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified" },
		};
	return { body: { id: '<20260101.1@mg.example.com>', message: 'Queued. Thank you.' } };
}
