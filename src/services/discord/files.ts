import type { File } from '../../core/define/channel';
import type { FormPart } from '../../core/http/http';
import type { Payload } from './payload';

/** Of one message; the bytes with some room for what is written around them. */
const most = { files: 10, bytes: 25 * 1024 * 1024 - 64 * 1024 };

/** As many messages as it takes; a file that is too big by itself is for Discord to refuse, since boosts raise that limit. */
export function batchesOf(files: readonly File[]): File[][] {
	const batches: File[][] = [];
	let size = Infinity;
	for (const file of files) {
		const bytes = file.data!.byteLength;
		const last = batches.at(-1);
		if (last && last.length < most.files && size + bytes <= most.bytes) {
			last.push(file);
			size += bytes;
		} else {
			batches.push([file]);
			size = bytes;
		}
	}
	return batches;
}

/** An embed finds a picture only by a name of plain letters. */
export const pictureFile = (image: File): File => ({
	...image,
	name: `picture.${/^image\/(png|jpe?g|gif|webp)/.exec(image.mime)?.[1] ?? 'png'}`,
});

/** JSON, or a form of JSON and files where there are some. */
export function bodyWith(
	payload: Payload,
	files: readonly File[],
): { json: Payload } | { multipart: Record<string, FormPart> } {
	if (files.length === 0) return { json: payload };
	const attachments = files.map(({ name }, id) => ({ id: String(id), filename: name }));
	return {
		multipart: {
			payload_json: JSON.stringify({ ...payload, attachments }),
			...Object.fromEntries(
				files.map(({ name, mime, data }, id): [string, FormPart] => [
					`files[${id}]`,
					{ name, mime, data: data! },
				]),
			),
		},
	};
}
