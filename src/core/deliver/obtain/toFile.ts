import { basename } from 'node:path';
import type { Text } from '../../base/language';
import { decoded } from '../../base/percent';
import { printable } from '../../base/printable';
import { mustStayHere } from '../../base/shownLink';
import type { File } from '../../define/channel';
import { baseName, extension, mimeOfEnd, sniff } from '../../message/bytes';
import type { Attachment } from '../../message/message';
import { fetchFile, throwIfTooLarge, Unobtainable, type Reaching } from './fetching';

/** What an attachment is made of, in the form that the channel takes; bytes are fetched only where they are wanted. */
export async function toFile(
	attachment: Attachment,
	wants: 'url' | 'bytes' | 'both',
	reaching: Reaching,
	imagesOnly: boolean,
): Promise<File> {
	const file = await obtain(attachment, wants, reaching, imagesOnly);
	const name = baseName(printable(file.name).replace(/\s+/g, ' ').trim()) || `attachment.${extension(file.mime)}`;
	return name === file.name ? file : { ...file, name };
}

async function obtain(
	attachment: Attachment,
	wants: 'url' | 'bytes' | 'both',
	reaching: Reaching,
	imagesOnly: boolean,
): Promise<File> {
	if ('binary' in attachment && attachment.binary !== undefined) return await fromBinary(attachment, wants, reaching);
	if ('data' in attachment && attachment.data !== undefined) {
		if (wants === 'url') throw new Unobtainable(onlyUrls);
		throwIfTooLarge(attachment.data);
		const mime = mimeOf(attachment.data, attachment.mime);
		return { name: attachment.name ?? `attachment.${extension(mime)}`, mime, data: attachment.data };
	}
	const { url, fetch: wantsFetch } = attachment as { url: string; fetch?: boolean };
	if (!URL.canParse(url) || !/^(https?|data):$/.test(new URL(url).protocol)) {
		throw new Unobtainable({
			en: 'The picture’s or file’s address is not a web address.',
			zh: '图片或文件的地址不是网址。',
		});
	}
	if (url.startsWith('data:')) return fromDataUrl(attachment, url, wants);
	const stays = wantsFetch || mustStayHere(url);
	if (!stays && wants !== 'bytes')
		return { name: nameFor(attachment, url), mime: attachment.mime ?? guessMime(url), url };
	if (wants === 'url') throw new Unobtainable(onlyUrls);
	const fetched = await fetchFile(url, reaching, imagesOnly);
	const { mime, data } = fetched;
	return { name: nameFor(attachment, fetched.url, mime), mime: mimeOf(data, attachment.mime ?? mime), data };
}

const onlyUrls: Text = {
	en: 'This service takes pictures and files by public address only, and there is none.',
	zh: '该服务只接受公网地址的图片和文件，而此处没有。',
};

async function fromBinary(
	attachment: Attachment & { binary: string },
	wants: string,
	{ binary }: Reaching,
): Promise<File> {
	if (wants === 'url') throw new Unobtainable(onlyUrls);
	if (!binary)
		throw new Unobtainable({ en: 'Binary properties exist in n8n only.', zh: '只有 n8n 才有二进制属性。' });
	const file = await binary(attachment.binary);
	if (file.data) throwIfTooLarge(file.data);
	const mime = attachment.mime ?? file.mime;
	return { ...file, name: attachment.name ?? file.name, mime: file.data ? mimeOf(file.data, mime) : mime };
}

function fromDataUrl(attachment: Attachment, url: string, wants: string): File {
	if (wants === 'url') throw new Unobtainable(onlyUrls);
	const comma = url.indexOf(',');
	const head = url.slice(5, comma);
	const data = head.endsWith(';base64')
		? Buffer.from(url.slice(comma + 1), 'base64')
		: Buffer.from(decoded(url.slice(comma + 1)));
	const mime = mimeOf(data, attachment.mime ?? (head.split(';')[0] || 'text/plain'));
	return { name: attachment.name ?? `attachment.${extension(mime)}`, mime, data };
}

/** What the bytes of a picture tell of their form, which servers and cameras often have wrong; else what was said of them. */
function mimeOf(data: Uint8Array, said?: string): string {
	const seen = sniff(data);
	const isPicture = /^image\//i.test(said ?? 'image/') && seen?.startsWith('image/');
	return (isPicture ? seen : (said ?? seen)) ?? 'application/octet-stream';
}

function guessMime(url: string): string {
	const end = /\.([a-z0-9]{2,4})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase();
	return mimeOfEnd(end ?? '') ?? 'application/octet-stream';
}

/** The address's own file name, unless that would tell more than a name. */
function nameFor({ name }: Attachment, url: string, mime?: string): string {
	if (name) return name;
	const own = decoded(basename(new URL(url).pathname));
	if (/\.[a-z0-9]{2,4}$/i.test(own)) return own;
	return `${own || 'attachment'}.${extension(mime ?? guessMime(url))}`;
}
