import { atOnce } from '../../base/turns';
import type { BodyPart } from '../../define/trigger';
import { broken } from './broken';
import { decodeText } from './charset';

const maxParts = 1_000;

/** One parameter of a header such as Content-Type, quoted or not. */
export function parameter(header: string, name: string): string | undefined {
	const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(header);
	return match?.[1] ?? match?.[2];
}

/**
 * The parts of a multipart body, as views into it. Strict about its framing (CRLF, boundaries, the end),
 * lenient about what senders differ in: quotes around names, a part's content type, a preamble.
 * (The platform's own parser gives files only asynchronously, and refuses without a reason.)
 */
export function parseMultipart(body: Uint8Array, boundary: string): BodyPart[] {
	const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	const parts: BodyPart[] = [];
	const delimiter = Buffer.from(`\r\n--${boundary}`);
	let at = bytes.indexOf(delimiter.subarray(2));
	if (at < 0) throw broken('The multipart body does not contain its boundary.', 'multipart 正文中找不到 boundary。');
	at += delimiter.length - 2;
	for (;;) {
		if (bytes.toString('latin1', at, at + 2) === '--') return parts;
		const headersFrom = bytes.toString('latin1', at, at + 2) === '\r\n' ? at + 2 : -1;
		// `at` on purpose: a part without headers has its empty line right behind the boundary.
		const headersTo = headersFrom < 0 ? -1 : bytes.indexOf('\r\n\r\n', at);
		const end = headersTo < 0 ? -1 : bytes.indexOf(delimiter, headersTo + 2);
		if (headersFrom < 0 || headersTo < 0)
			throw broken(
				'The multipart body is broken: lines must end in CRLF.',
				'multipart 正文格式有误：行尾必须是 CRLF。',
			);
		if (end < 0) throw broken('The multipart body ends too early.', 'multipart 正文不完整。');
		if (parts.length >= maxParts)
			throw broken('The multipart body has too many parts.', 'multipart 正文的字段过多。');
		const headers = atOnce(decodeText(bytes.subarray(Math.min(headersFrom, headersTo), headersTo)));
		const disposition = /^content-disposition:(.*)$/im.exec(headers)?.[1] ?? '';
		const filename = parameter(disposition, 'filename');
		const mime = /^content-type:(.*)$/im.exec(headers)?.[1]?.trim();
		parts.push({
			name: parameter(disposition, 'name') ?? '',
			...(filename !== undefined && { filename }),
			...(mime !== undefined && { mime }),
			data: bytes.subarray(Math.min(headersTo + 4, end), end),
		});
		at = end + delimiter.length;
	}
}
