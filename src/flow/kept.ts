import type { Arrival, Content, Departure, FileFacts } from '../core/define/flow';
import { carriedIn, type Carried, type Place } from '../core/message/carried';
import type { Attachment } from '../core/message/message';
import { bounds } from '../core/state/bounds';
import type { Item } from '../core/state/store';

/** A message that waits under a key, beside the bytes of its files. */
export interface Kept {
	content: Content;
	place: Place;
	files: Readonly<Record<string, FileFacts & { stored: string }>>;
}

/**
 * An item of a cell.
 * @param number unlike those of all others in the cell: names of bytes begin with it
 * @param withFiles else the files are not kept
 */
export function kept({ content, files, place = 'message' }: Arrival, number: number, withFiles: boolean): Item {
	const fitting = Object.entries(files).filter(
		([, { data }]) => withFiles && data.byteLength <= bounds.blobBytes && data.byteLength > 0,
	);
	const value: Kept = {
		content: slim(content),
		place,
		files: Object.fromEntries(
			fitting.map(([name, facts], at) => [
				name,
				{ name: facts.name, mime: facts.mime, stored: `${number}.${at}` },
			]),
		),
	};
	return { value, blobs: Object.fromEntries(fitting.map(([, { data }], at) => [`${number}.${at}`, data])) };
}

/** What a sender said, word for word, goes first where there is not enough room for it. */
function slim(content: Content): Content {
	if (JSON.stringify(content).length < bounds.itemBytes / 4) return content;
	const { raw: _, event, ...rest } = content;
	if (typeof event !== 'object' || event === null) return event === undefined ? rest : { ...rest, event };
	const { raw: __, ...told } = event as Record<string, unknown>;
	return { ...rest, event: told };
}

/** As it came in. */
export const asItCame = ({ content, files }: Kept, output = 0): Departure => ({ output, content, files });

/** What it tells; a picture that is kept as bytes is one of its own, unlike that of any other. */
export function carriedBy(one: Kept): Carried {
	const { content, place, files } = one;
	const carried = carriedIn(content, place);
	const [picture] = pictureOf(one);
	const image = carried.message.image;
	if (picture !== undefined) return withImage(carried, { data: new Uint8Array(), name: files[picture]!.stored });
	// Its bytes were not kept.
	return image && !('url' in image) ? withImage(carried, undefined) : carried;
}

const withImage = (carried: Carried, image: Attachment | undefined): Carried => ({
	...carried,
	message: { ...carried.message, image },
});

/** The file that is the picture of its message. */
export function pictureOf({ content, place, files }: Kept): [name?: string] {
	const message = content[place] as { image?: { binary?: unknown } } | null | undefined;
	const name =
		place === 'payload'
			? ['["payload","image","data"]', '["payload","image"]'].find((path) => path in files)
			: message?.image?.binary;
	return typeof name === 'string' && name in files ? [name] : [];
}
