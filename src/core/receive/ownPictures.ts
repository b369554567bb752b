import type { Attachment } from '../message/message';

/** Pictures of a Markdown text that stand in a line of their own: they are the message's, not words. */
export function withoutPictures(said: string): { body: string; image?: Attachment; attachments: Attachment[] } {
	const found: Attachment[] = [];
	const body = said
		.split('\n')
		.filter((line) => {
			const [, url] = /^\s*!\[[^\]]{0,200}\]\(<?(https?:\/\/[^\s()<>]+)>?\)\s*$/i.exec(line) ?? [];
			const isPicture = url !== undefined && URL.canParse(url);
			if (isPicture) found.push({ url });
			return !isPicture;
		})
		.join('\n');
	const [image, ...attachments] = found;
	return { body: body.trim(), ...(image && { image }), attachments };
}
