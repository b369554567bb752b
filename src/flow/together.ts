import type { Departure } from '../core/define/flow';
import { digestOf, type DigestOptions } from '../core/message/digest';
import type { Held } from '../core/state/store';
import { carriedBy, pictureOf, type Kept } from './kept';

/** All of a batch as one message. */
export function together({ id, items, counted, madeAt }: Held, options: Omit<DigestOptions, 'counted'>): Departure {
	const all = items as Kept[];
	const parts = all.map(carriedBy);
	const { image, ...message } = digestOf(parts, { ...options, counted });
	const from = image && all[parts.findIndex((part) => part.message.image === image)];
	const [picture] = from ? pictureOf(from) : [];
	const facts = from && picture !== undefined ? from.files[picture] : undefined;
	const place = all[0]?.place ?? 'message';
	const shown = facts ? (place === 'payload' ? { ...named(from!), data: null } : { binary: picture }) : image;
	const path = place === 'payload' ? '["payload","image","data"]' : picture;
	return {
		output: 0,
		content: {
			// A batch that comes again after a crash is the same message.
			[place]: { ...message, key: `digest:${id}`, ...(shown && { image: shown }) },
			carillon: { digest: { count: all.length + counted, at: new Date(madeAt).toISOString() } },
		},
		files: facts && path !== undefined ? { [path]: facts } : {},
	};
}

/** What the message says of its picture, beside the bytes. */
function named({ content, place }: Kept): { name?: string; mime?: string } {
	const { image } = content[place] as { image?: unknown };
	const { name, mime } = (image ?? {}) as Record<string, unknown>;
	return { ...(typeof name === 'string' && { name }), ...(typeof mime === 'string' && { mime }) };
}
