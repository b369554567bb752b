import type { Lost } from './channel';
import { isChannelError } from '../base/errors';
import type { Text } from '../base/language';

const what = {
	image: { en: 'The picture', zh: '图片' },
	attachments: { en: 'A file', zh: '文件' },
	urgent: { en: 'The urgent reminder', zh: '加急提醒' },
} as const;

/** What goes along with a text and must never cost it: a refusal becomes a warning, what may work later, or with a fresh token, is thrown and tried again. */
export class Extras {
	readonly warnings: Text[] = [];
	readonly degraded: Lost[] = [];

	/** So many characters had no place in what was sent. */
	lose(kind: 'text' | 'title' | 'cut', words: string): void {
		if (words.length > 0) this.degraded.push({ kind, count: words.length });
	}

	async try(kind: keyof typeof what, run: () => Promise<unknown>): Promise<void> {
		try {
			await run();
		} catch (error) {
			if (!isChannelError(error) || error.refresh || (error.transient && !error.unknown)) throw error;
			const { en, zh } = what[kind];
			this.warnings.push({
				en: `${en} did not go along. ${error.text.en}`,
				zh: `${zh}未能一并发送。${error.text.zh}`,
			});
			this.degraded.push(kind);
		}
	}
}
