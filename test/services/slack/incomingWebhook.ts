import type { Answer, Seen } from '../../service';

export const hookPath = '/services/T00000000/B00000000/AbCdEfGhIjKlMnOpQrStUvWx';

/** Slack's incoming webhooks and workflows: refuse with a status and one word. */
export function incomingWebhook({ path, json }: Seen): Answer {
	if (path.startsWith('/triggers/') || path.startsWith('/workflows/')) {
		const flat = Object.values(json).every((value) => typeof value === 'string');
		return flat ? { body: { ok: true } } : { status: 400, body: { ok: false, error: 'invalid_workflow_input' } };
	}
	if (path !== hookPath) return { status: 403, body: 'invalid_token' };
	if (!json) return { status: 400, body: 'invalid_payload' };
	if (!json.text && !json.blocks) return { status: 400, body: 'no_text' };
	return { body: 'ok' };
}
