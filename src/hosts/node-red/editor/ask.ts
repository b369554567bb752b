import { $, type Answer } from './host';
import { language, say } from './texts';

/** Asks one of the admin routes. Without a slash in front, so that the editor’s own login goes along. */
export const ask = (path: string, body: object): Answer =>
	$.ajax({
		url: `carillon-editor/${path}`,
		method: 'POST',
		contentType: 'application/json',
		headers: { 'Accept-Language': language() },
		data: JSON.stringify(body),
	});

/** Why it was refused, in one sentence. */
export function complaint({ status, responseJSON }: Answer): string {
	const { message } = (responseJSON ?? {}) as { message?: string };
	if (message) return message;
	if (status === 401 || status === 403) return say('refused');
	return say(status === 404 ? 'old' : 'unreachable');
}
