import { seal } from '../../core/base/errors';
import type { Language } from '../../core/base/language';
import { readOne } from '../../core/base/field';
import { chars } from '../../core/base/limit';
import { render } from '../../core/markup';
import type { Message } from '../../core/message/message';
import type { Preview, Trigger } from '../../core/define/trigger';
import { answer, languageOf, offer } from './admin-route';
import type { Red } from './red';

/** What the editor sends: the form's templates as they stand, to be tried on a sample. */
interface PreviewRequest {
	sample?: unknown;
	/** By field key. */
	options?: Record<string, unknown>;
	/** That of the account, which messages are written in. */
	language?: unknown;
}

/** What the editor shows. */
interface Shown {
	title?: string;
	/** Made by our own printer, which escapes what is not Markdown. */
	html: string;
	fields: Message['fields'];
}

/** Lets the editor show what a trigger's templates make of a sample: `POST <admin root>carillon-editor/<id>/preview`. */
export function offerPreview(RED: Red, trigger: Trigger): void {
	offer(RED, `${trigger.id}/preview`, (request, response) => {
		const { sample, options = {}, language } = (request.body ?? {}) as PreviewRequest;
		const preview = previewOf(trigger, String(sample), options, language === 'zh' ? 'zh' : 'en');
		if ('message' in preview)
			answer(response, 200, {
				...shown(preview.message),
				warnings: preview.warnings?.map((text) => text[languageOf(request)]),
			});
		else answer(response, 422, preview);
	});
}

/** @param given the options as they are stored, by field key */
export function previewOf(
	{ options: fields, preview }: Trigger,
	sample: string,
	given: Readonly<Record<string, unknown>>,
	language: Language,
): Preview {
	try {
		const values = preview!.fields.map((key) => [key, readOne(key, fields[key]!, given[key])]);
		return preview!.show(sample, Object.fromEntries(values), language);
	} catch (thrown) {
		const { text, field } = seal(thrown, 'en', (text) => text);
		return { problem: text, field };
	}
}

function shown({ title, body, format = 'markdown', fields = [] }: Message): Shown {
	const { parts } = render(body, { format, dialect: 'mailHtml', limit: chars(most), overflow: 'cut' });
	return { title, html: parts.join(''), fields };
}

/** Nobody reads on. */
const most = 50_000;
