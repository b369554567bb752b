import { ChannelError, isChannelError } from '../base/errors';
import type { Text } from '../base/language';
import type { Lost } from './channel';

const what = {
	image: { en: 'The picture', zh: '图片' },
	attachments: { en: 'A file', zh: '文件' },
	urgent: { en: 'The urgent reminder', zh: '加急提醒' },
} as const;

type Extra = keyof typeof what;

/** What goes along with a text and must never cost it: a refusal becomes a warning, what may work later, or with a fresh token, is thrown and tried again. */
export class Extras {
	readonly warnings: Text[] = [];
	readonly degraded: Lost[] = [];

	/** So many characters had no place in what was sent. */
	lose(kind: 'text' | 'title' | 'cut', words: string): void {
		if (words.length > 0) this.degraded.push({ kind, count: words.length });
	}

	/** @param instead sends what stands for it, where the text is out already; that it is refused too is another warning */
	async try(kind: Extra, run: () => Promise<unknown>, instead?: () => Promise<unknown>): Promise<void> {
		try {
			await run();
		} catch (error) {
			this.warnings.push(withoutIt(kind, error));
			this.degraded.push(kind);
			if (!instead) return;
			try {
				await instead();
			} catch (also) {
				this.warnings.push(refusalOf(also).text);
			}
		}
	}
}

/** Gets what must be there before the text goes. Where it is refused the text goes without it, with what leads to it. */
export async function ahead<T>(kind: 'image', run: () => Promise<T>): Promise<T> {
	try {
		return await run();
	} catch (error) {
		const facts = { ...refusalOf(error), unknown: false, transient: false, because: kind };
		throw new ChannelError(facts.class, withoutIt(kind, error), facts);
	}
}

function withoutIt(kind: Extra, error: unknown): Text {
	const { text } = refusalOf(error);
	const { en, zh } = what[kind];
	return { en: `${en} did not go along. ${text.en}`, zh: `${zh}未能一并发送。${text.zh}` };
}

/** @throws the error where it is none */
function refusalOf(error: unknown): ChannelError {
	if (!isChannelError(error) || error.refresh || (error.transient && !error.unknown)) throw error;
	return error;
}
