import type { File, Json, Rendered } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { isChannelError } from '../../core/base/errors';
import type { Text } from '../../core/base/language';
import type { Fields, SendOne } from './api';
import { refusedAsPhoto } from './errors';

type Kind = 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document';
export interface Media {
	/** Its place among the message's files. */
	at: number;
	kind: Kind;
	file: File;
}

const photoMost = 10 * 1024 * 1024;

function kindOf({ mime, data }: File, isImage: boolean): Kind {
	if (mime === 'image/gif') return 'animation';
	if (isImage || /^image\/(jpeg|png|webp)$/.test(mime))
		return (data?.length ?? 0) > photoMost || mime === 'image/svg+xml' ? 'document' : 'photo';
	if (mime === 'video/mp4') return 'video';
	if (mime === 'audio/ogg') return 'voice';
	return /^audio\/(mpeg|mp3|mp4|m4a|x-m4a)$/.test(mime) ? 'audio' : 'document';
}

/** What goes out in one call: photos and videos share an album, documents and audios each their own, the rest goes alone. */
export function mediaGroups(message: Rendered, sendAs: 'auto' | 'document'): Media[][] {
	const files = [
		...(message.image ? [{ file: message.image, isImage: true }] : []),
		...message.attachments.map((file) => ({ file, isImage: false })),
	];
	const media = files.map(({ file, isImage }, at): Media => ({
		at,
		file,
		kind: sendAs === 'document' ? 'document' : kindOf(file, isImage),
	}));
	const albums: Kind[][] = [['photo', 'video'], ['audio'], ['document']];
	const grouped = albums.flatMap((kinds) => inTens(media.filter(({ kind }) => kinds.includes(kind))));
	return [...grouped, ...media.filter(({ kind }) => kind === 'animation' || kind === 'voice').map((each) => [each])];
}

/** The same bytes as files, where Telegram refused them as photos: it takes none that is too long, too wide or too odd. */
export function asDocuments(group: readonly Media[], refusal: unknown): Media[] | undefined {
	const isRefused = isChannelError(refusal) && refusedAsPhoto.test(refusal.text.en);
	const inHand = group.some(({ kind }) => kind === 'photo') && group.every(({ file }) => file.data);
	return isRefused && inHand ? group.map((each) => ({ ...each, kind: 'document' })) : undefined;
}

export const sentAsFile: Text = {
	en: 'Telegram could not show the picture as a photo, so it went as a file.',
	zh: 'Telegram 无法将该图片作为照片显示，已改为文件发送。',
};

const inTens = (media: Media[]) =>
	Array.from({ length: Math.ceil(media.length / 10) }, (_, index) => media.slice(index * 10, index * 10 + 10));

export function sendMedia(
	sendOne: SendOne,
	group: Media[],
	caption: Fields,
	spoiler: boolean,
	keyboard?: Json,
): Promise<VendorJson> {
	const hidden = ({ kind }: Media) =>
		spoiler && (kind === 'photo' || kind === 'video' || kind === 'animation') ? { has_spoiler: true } : {};
	const [first] = group as [Media];
	const methods: Record<Kind, string> = {
		photo: 'sendPhoto',
		video: 'sendVideo',
		animation: 'sendAnimation',
		audio: 'sendAudio',
		voice: 'sendVoice',
		document: 'sendDocument',
	};
	const source = (file: File) => (file.data ? file : file.url!);
	if (group.length === 1)
		return sendOne(methods[first.kind], {
			[first.kind]: source(first.file),
			...caption,
			...hidden(first),
			reply_markup: keyboard,
		});
	const media = group.map(
		(each, index) =>
			({
				type: each.kind,
				media: each.file.data ? `attach://file${index}` : each.file.url!,
				...(index === 0 && caption),
				...hidden(each),
			}) as Json,
	);
	const files = Object.fromEntries(group.map(({ file }, index) => [`file${index}`, file.data && file] as const));
	return sendOne('sendMediaGroup', { media, ...files });
}
