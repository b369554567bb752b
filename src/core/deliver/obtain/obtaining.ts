import type { File, Renders } from '../../define/channel';
import type { Text } from '../../base/language';
import type { Attachment, Message } from '../../message/message';
import { Unobtainable, type Reaching } from './fetching';
import { publicUrl } from './publicUrl';
import { toFile } from './toFile';

/** A message's pictures and files, as its channel takes them, and what became of the others. */
export interface Enclosures {
	image?: File;
	files: readonly File[];
	/** Files that go out as links; without a name it is the picture. */
	links: readonly { name?: string; url: string }[];
	/** Kinds, one for each thing that went another way, or not at all. */
	degraded: readonly string[];
	warnings: readonly Text[];
}

export const nothingEnclosed: Enclosures = { files: [], links: [], degraded: [], warnings: [] };

/** Most messages have nothing to be fetched, and wait for nothing. */
export function enclosuresOf(message: Message, renders: Renders, reaching: Reaching): Enclosures | Promise<Enclosures> {
	const { defaultImage } = reaching.account;
	const picture = renders.image && (message.image ?? (defaultImage ? { url: defaultImage } : undefined));
	return picture || message.attachments
		? obtain(picture, message.attachments ?? [], renders, reaching)
		: nothingEnclosed;
}

async function obtain(
	picture: Attachment | undefined,
	attachments: readonly Attachment[],
	renders: Renders,
	reaching: Reaching,
): Promise<Enclosures> {
	const degraded: string[] = [];
	const warnings: Text[] = [];
	const orNothing = async (file: Promise<File>): Promise<File | undefined> => {
		try {
			return await file;
		} catch (error) {
			if (!(error instanceof Unobtainable)) throw error;
			warnings.push(error.reason);
			return undefined;
		}
	};
	const image = picture && (await orNothing(toFile(picture, renders.image!, reaching, true)));
	const files: File[] = [];
	const links: { name?: string; url: string }[] = [];
	if (picture && !image) {
		degraded.push('image');
		const url = publicUrl(picture);
		if (url) links.push({ url });
	}
	for (const attachment of attachments) {
		const file = renders.attachments && (await orNothing(toFile(attachment, renders.attachments, reaching, false)));
		if (file) {
			files.push(file);
			continue;
		}
		degraded.push('attachments');
		const url = publicUrl(attachment);
		if (url) links.push({ name: attachment.name ?? url, url });
	}
	return { image, files, links, degraded, warnings };
}
