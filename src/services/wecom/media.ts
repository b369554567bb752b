import { invalid, type ChannelError } from '../../core/base/errors';
import type { File } from '../../core/define/channel';
import { named, type Text } from '../../core/base/language';

export type MediaType = 'image' | 'voice' | 'video' | 'file';

interface Media {
	name: Text;
	megabytes: number;
	mime: RegExp;
	forms: string;
}

const kinds: Record<MediaType, Media> = {
	image: { name: { en: 'picture', zh: '图片' }, megabytes: 10, mime: /^image\/(jpe?g|png)$/, forms: 'JPG, PNG' },
	voice: { name: { en: 'voice message', zh: '语音' }, megabytes: 2, mime: /^audio\/amr$/, forms: 'AMR' },
	video: { name: { en: 'video', zh: '视频' }, megabytes: 10, mime: /^video\/mp4$/, forms: 'MP4' },
	file: { name: { en: 'file', zh: '文件' }, megabytes: 20, mime: /./, forms: '*' },
};

/** Why WeCom would refuse this file as that kind of media; undefined where it takes it. */
export function objection(file: File, type: MediaType, megabytes = kinds[type].megabytes): Text | undefined {
	const size = file.data?.byteLength ?? 0;
	const { name, mime, forms } = kinds[type];
	const because = (why: Text) => named(why, name, { file: file.name, mb: megabytes, forms });
	if (size <= 5) return because(tooSmall);
	if (size > megabytes * 1024 * 1024) return because(tooLarge);
	return mime.test(file.mime.split(';')[0]!.trim()) ? undefined : because(wrongForm);
}

const tooSmall: Text = {
	en: 'WeCom takes no file of fewer than 6 bytes, and “{file}” is one.',
	zh: '企业微信不接受小于 6 字节的文件：“{file}”。',
};
const tooLarge: Text = {
	en: 'WeCom takes a {name} of at most {mb} MB; “{file}” is larger. Make it smaller.',
	zh: '企业微信的{name}上限为 {mb} MB，“{file}”超出：请压缩。',
};
const wrongForm: Text = {
	en: 'WeCom takes a {name} as {forms} only; “{file}” is none. Convert it.',
	zh: '企业微信的{name}仅支持 {forms}，“{file}”不符：请转换格式。',
};

/** @throws ChannelError `Invalid(field)` */
export function uploadable(
	file: File,
	type: MediaType,
	field = 'message',
	megabytes?: number,
): { name: string; mime: string; data: Uint8Array } {
	const why = objection(file, type, megabytes);
	if (why || !file.data)
		throw invalid(field, why ?? { en: `“${file.name}” could not be read.`, zh: `无法读取“${file.name}”。` });
	return { name: file.name, mime: file.mime, data: file.data };
}

/** What an attachment goes out as. WeCom plays nothing but AMR as voice and MP4 as video. */
export function mediaTypeOf(file: File, takes: readonly MediaType[]): MediaType {
	return takes.find((type) => type !== 'file' && objection(file, type) === undefined) ?? 'file';
}

export const noPicture = (): ChannelError =>
	invalid('image', {
		en: 'There is no picture to send: give the message one.',
		zh: '没有可发送的图片：请为消息提供图片。',
	});

export const noMedia = (type: MediaType): ChannelError =>
	invalid(
		'attachments',
		named(
			{
				en: 'There is no {name} to send: attach one, or fill in “Media id”.',
				zh: '没有可发送的{name}：请添加附件，或填写 media_id。',
			},
			kinds[type].name,
		),
	);
