const extensions: Readonly<Record<string, string>> = {
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/gif': 'gif',
	'image/webp': 'webp',
	'image/svg+xml': 'svg',
	'video/mp4': 'mp4',
	'audio/mpeg': 'mp3',
	'audio/amr': 'amr',
	'audio/ogg': 'ogg',
	'audio/mp4': 'm4a',
	'audio/wav': 'wav',
	'audio/flac': 'flac',
	'video/webm': 'webm',
	'video/quicktime': 'mov',
	'video/x-msvideo': 'avi',
	'image/bmp': 'bmp',
	'image/avif': 'avif',
	'image/heic': 'heic',
	'image/tiff': 'tiff',
	'application/pdf': 'pdf',
	'application/zip': 'zip',
	'application/gzip': 'gz',
	'application/x-7z-compressed': '7z',
	'application/vnd.rar': 'rar',
	'text/plain': 'txt',
	'application/json': 'json',
};

export const extension = (mime: string) => extensions[mime] ?? 'bin';

/** The type that the end of a file's name, without its dot, stands for. */
export const mimeOfEnd = (end: string): string | undefined =>
	Object.entries(extensions).find(([, each]) => each === end || (end === 'jpeg' && each === 'jpg'))?.[0];

/** The first bytes in Latin-1, and what they tell. */
const signatures: readonly (readonly [bytes: RegExp, mime: string])[] = [
	[/^\xff\xd8\xff/, 'image/jpeg'],
	[/^\x89PNG\r\n\x1a\n/, 'image/png'],
	[/^GIF8[79]a/, 'image/gif'],
	[/^RIFF.{4}WEBP/s, 'image/webp'],
	[/^\0.{3}ftyp(?:avif|avis)/s, 'image/avif'],
	[/^\0.{3}ftyp(?:heic|heix|hevc|mif1|msf1)/s, 'image/heic'],
	[/^(?:II\*\0|MM\0\*)/, 'image/tiff'],
	[/^%PDF-/, 'application/pdf'],
	[/^\0.{3}ftyp(?:M4A|M4B)/s, 'audio/mp4'],
	[/^\0.{3}ftypqt/s, 'video/quicktime'],
	[/^\0.{3}ftyp/s, 'video/mp4'],
	[/^\x1a\x45\xdf\xa3/, 'video/webm'],
	[/^RIFF.{4}AVI /s, 'video/x-msvideo'],
	[/^RIFF.{4}WAVE/s, 'audio/wav'],
	[/^OggS\0/, 'audio/ogg'],
	[/^fLaC\0/, 'audio/flac'],
	[/^(?:ID3[\x02-\x04]\0|\xff[\xfb\xfa\xf3\xf2])/, 'audio/mpeg'],
	[/^#!AMR/, 'audio/amr'],
	[/^PK(?:\x03\x04|\x05\x06)/, 'application/zip'],
	[/^\x1f\x8b\x08/, 'application/gzip'],
	[/^7z\xbc\xaf\x27\x1c/, 'application/x-7z-compressed'],
	[/^Rar!\x1a\x07/, 'application/vnd.rar'],
	[/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'application/x-ole-storage'],
];

/** The type that the first bytes tell. */
export function sniff(data: Uint8Array): string | undefined {
	const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	const head = bytes.toString('latin1', 0, 32);
	const [, mime] = signatures.find(([pattern]) => pattern.test(head)) ?? [];
	if (mime) return mime;
	// Two letters alone might begin a text.
	if (head.startsWith('BM') && bytes.length > 14 && bytes.readUInt32LE(2) === bytes.length) return 'image/bmp';
	return undefined;
}

/** A drawing is written as text, and nothing that anybody reads. */
export const isDrawing = (data: Uint8Array): boolean =>
	/^(?:\xef\xbb\xbf)?\s*(?:<\?xml\b[^<>]*>\s*|<!--[^<>]*-->\s*|<!DOCTYPE svg\b[^<>]*>\s*)*<svg[\s>]/.test(
		Buffer.from(data.buffer, data.byteOffset, Math.min(data.byteLength, 2_000)).toString('latin1'),
	);

/** What bytes say as UTF-8, unless they are something else. */
export function textIn(data: Uint8Array): string | undefined {
	if (sniff(data)) return undefined;
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
		// Colours of a terminal are text, and zeros are not.
		return /[\0-\x06\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text;
	} catch {
		return undefined;
	}
}

/** Characters of a file's name: more than that no file system takes. */
const longestName = 120;

/** The bytes that a text is made of which is a `data:` address and nothing else, as pictures come from a browser. */
export function bytesWritten(text: unknown): Uint8Array | undefined {
	if (typeof text !== 'string' || !/^\s*data:[\w.+-]+\/[\w.+-]+(?:;[\w.+-]+=[\w.+-]+)*;base64,/i.test(text))
		return undefined;
	const written = text.slice(text.indexOf(',') + 1).trim();
	return written !== '' && /^[\w+/-]+={0,2}$/.test(written.replace(/\s/g, ''))
		? Buffer.from(written, 'base64')
		: undefined;
}

/** A file's name without the folders before it, and without what only seems to be nothing or turns the text round. */
export function baseName(name: string): string {
	const last = name.split(/[\\/]/).at(-1)!;
	const clean = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '').trim();
	if (/^\.*$/.test(clean)) return '';
	const characters = [...clean];
	if (characters.length <= longestName) return clean;
	const end = /\.\w{1,10}$/.exec(clean)?.[0] ?? '';
	return characters.slice(0, longestName - end.length).join('') + end;
}
