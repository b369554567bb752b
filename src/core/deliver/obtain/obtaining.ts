import type { File, Renders } from '../../define/channel';
import type { Text } from '../../base/language';
import type { Attachment, Message } from '../../message/message';
import { nothingEnclosed, publicUrl, type Enclosures } from '../enclosures';
import { Unobtainable, type Reaching } from './fetching';
import { toFile } from './toFile';

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
