import { mustStayHere } from '../../base/shownLink';
import type { Attachment } from '../../message/message';

/** An address that may be shown to readers. */
export function publicUrl(attachment: Attachment | undefined): string | undefined {
	if (!attachment || !('url' in attachment) || !URL.canParse(attachment.url)) return undefined;
	return /^https?:/.test(attachment.url) && !attachment.fetch && !mustStayHere(attachment.url)
		? attachment.url
		: undefined;
}
