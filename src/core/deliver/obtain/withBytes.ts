import { Unobtainable, type Reaching } from './fetching';
import { toFile } from './toFile';
import type { File, Rendered, Renders } from '../../define/channel';
import type { Attachment } from '../../message/message';

/**
 * A part with the bytes of what it named by address, for a service that takes both and could not fetch it by itself.
 * What we cannot fetch either keeps its address.
 * @returns the part itself where nothing was fetched
 */
export async function withBytes(part: Rendered, renders: Renders, reaching: Reaching): Promise<Rendered> {
	const fetch = async (takes: Renders['image'], { data }: File, wanted: Attachment, imagesOnly: boolean) => {
		if (takes !== 'both' || data) return undefined;
		try {
			return await toFile(wanted, 'bytes', reaching, imagesOnly);
		} catch (error) {
			if (error instanceof Unobtainable) return undefined;
			throw error;
		}
	};
	// A picture's address often tells neither its name nor its type; by a file's type services sort it.
	const image = part.image && (await fetch(renders.image, part.image, { url: part.image.url! }, true));
	const attachments: (File | undefined)[] = [];
	for (const file of part.attachments) {
		const { name, mime, url } = file;
		attachments.push(await fetch(renders.attachments, file, { name, mime, url: url! }, false));
	}
	if (![image, ...attachments].some(Boolean)) return part;
	return {
		...part,
		image: image ?? part.image,
		attachments: part.attachments.map((file, at) => attachments[at] ?? file),
	};
}
