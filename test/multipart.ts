import type { Seen } from './service';

export interface Part {
	filename?: string;
	type?: string;
	data: Buffer;
}

/** The parts of a multipart form as a fake service received it, by name. */
export function formOf({ headers, body }: Pick<Seen, 'headers' | 'body'>): Record<string, Part> {
	const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1];
	if (!boundary) return {};
	const parts: Record<string, Part> = {};
	const mark = Buffer.from(`--${boundary}`);
	let at = body.indexOf(mark);
	while (at >= 0) {
		const start = at + mark.length + 2;
		const end = body.indexOf(mark, start);
		if (end < 0) break;
		const headEnd = body.indexOf('\r\n\r\n', start);
		const head = body.subarray(start, headEnd).toString();
		const name = /name="([^"]*)"/.exec(head)?.[1];
		if (name !== undefined) {
			parts[name] = {
				// Some clients write it without quotes.
				filename: /filename="?((?<=")[^"]*|[^\s;"]+)/.exec(head)?.[1],
				type: /content-type:\s*(\S+)/i.exec(head)?.[1],
				data: body.subarray(headEnd + 4, end - 2),
			};
		}
		at = end;
	}
	return parts;
}
