import { toFile } from '../deliver/obtain/toFile';
import { mustStayHere } from '../base/shownLink';
import type { MediaEvent } from '../message/event';
import type { Fields } from '../base/field';
import type { Happening } from '../define/trigger';

/** Origins that a person filled in: the only ones whose private addresses pictures are fetched from. */
export function namedOrigins(fields: Fields, values: Readonly<Record<string, unknown>>): string[] {
	const urls = Object.entries(fields).flatMap(([key, { kind }]) =>
		kind === 'url' ? [String(values[key] ?? '')] : [],
	);
	return [...new Set(urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))];
}

/**
 * Puts bytes in the place of a picture's URL that means nothing outside or holds the media server's key, so that no
 * flow, log or message sees it; what cannot be had is left out. Public URLs stay. Never rejects.
 */
export async function withPictures(
	happening: Happening,
	origins: readonly string[],
	signal: AbortSignal,
): Promise<Happening> {
	const { message, event } = happening;
	const image = message?.image && 'url' in message.image ? message.image : undefined;
	const item = isMediaEvent(event) ? event.item : undefined;
	const poster = item?.poster && 'url' in item.poster ? item.poster : undefined;
	const urls = [image?.url, poster?.url].filter((url) => url !== undefined && URL.canParse(url) && mustStayHere(url));
	if (urls.length === 0) return happening;

	const fetched = new Map<string, { data: Uint8Array; mime: string } | undefined>();
	for (const url of urls as string[])
		if (!fetched.has(url)) fetched.set(url, await fetchPicture(url, origins, signal));
	const changed = { ...happening };
	if (message && image && fetched.has(image.url)) {
		const file = fetched.get(image.url);
		changed.message = { ...message, image: file && { name: image.name ?? 'poster.jpg', ...file } };
	}
	if (item && poster && fetched.has(poster.url)) {
		changed.event = { ...(event as MediaEvent), item: { ...item, poster: fetched.get(poster.url) } };
	}
	return changed;
}

const isMediaEvent = (event: unknown): event is MediaEvent =>
	typeof event === 'object' && event !== null && typeof (event as MediaEvent).item === 'object';

async function fetchPicture(url: string, trustedOrigins: readonly string[], signal: AbortSignal) {
	try {
		const { data, mime } = await toFile(
			{ url },
			'bytes',
			{ account: { language: 'en' }, trustedOrigins, signal },
			true,
		);
		return data && { data, mime };
	} catch {
		// Whatever was wrong with the picture: the happening is worth more than that.
		return undefined;
	}
}
