import { chars } from '../../core/base/limit';
import { render } from '../../core/markup';
import type { Message } from '../../core/message/message';
import type { Trigger } from '../../core/define/trigger';
import { preview } from '../../core/receive/preview';
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
		const told = preview(trigger, String(sample), { account: { language }, options });
		if ('message' in told)
			answer(response, 200, {
				...shown(told.message),
				warnings: told.warnings?.map((text) => text[languageOf(request)]),
			});
		else answer(response, 422, told);
	});
}

function shown({ title, body, format = 'markdown', fields = [] }: Message): Shown {
	const { parts } = render(body, { format, dialect: 'mailHtml', limit: chars(most), overflow: 'cut' });
	return { title, html: parts.join(''), fields };
}

/** Nobody reads on. */
const most = 50_000;
