import type { Text } from '../base/language';
import { mustStayHere } from '../base/shownLink';
import type { File } from '../define/channel';
import type { Attachment } from '../message/message';

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

/** An address that may be shown to readers. */
export function publicUrl(attachment: Attachment | undefined): string | undefined {
	if (!attachment || !('url' in attachment) || !URL.canParse(attachment.url)) return undefined;
	return /^https?:/.test(attachment.url) && !attachment.fetch && !mustStayHere(attachment.url)
		? attachment.url
		: undefined;
}
