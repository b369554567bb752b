import { text } from '../../base/field';
import type { File } from '../channel';
import type { Attachment } from '../../message/message';

/** A file that an action takes. */
export const fileInput = text('File', {
	zh: '文件',
	help: {
		en: 'A web address, or in n8n the name of a binary property',
		zh: '网址，或 n8n 中二进制属性的名称',
	},
});

export const attachmentOf = (value: string): Attachment =>
	/^(https?|data):/i.test(value) ? { url: value } : { binary: value };

export const fileOf = (call: { input: { file: string }; file(given: Attachment): Promise<File> }): Promise<File> =>
	call.file(attachmentOf(call.input.file));
