import type { VendorJson } from '../../../src/core/http/http';
import { formOf } from '../../multipart';
import type { Answer, Seen } from '../../service';

export const webApiToken = 'xoxb-000000000000-111111111111-AbCdEfGhIjKlMnOp';

export const no = (error: string, more = {}): Answer => ({ body: { ok: false, error, ...more } });

/** What each method cannot be without. */
const required: Record<string, readonly string[]> = {
	'auth.test': [],
	'chat.postMessage': ['channel'],
	'chat.postEphemeral': ['channel', 'user'],
	'chat.scheduleMessage': ['channel', 'post_at'],
	'chat.update': ['channel', 'ts'],
	'chat.delete': ['channel', 'ts'],
	'chat.deleteScheduledMessage': ['channel', 'scheduled_message_id'],
	'reactions.add': ['channel', 'timestamp', 'name'],
	'reactions.remove': ['channel', 'timestamp', 'name'],
	'conversations.open': [],
	'conversations.list': [],
	'files.getUploadURLExternal': ['filename', 'length'],
	'files.completeUploadExternal': ['files'],
};

/** Only these take no JSON. */
const takesFormOnly = ['conversations.list', 'files.getUploadURLExternal'];

/** The arguments of a call: JSON, or a form whose lists and objects are JSON. */
export function argumentsOf({ headers, json, form }: Seen): VendorJson {
	if (headers['content-type']?.startsWith('application/json')) return json;
	return Object.fromEntries(
		Object.entries(form).map(([name, value]) => [
			name,
			/^([[{]|true$|false$)/.test(value) || /^(length|post_at)$/.test(name) ? JSON.parse(value) : value,
		]),
	);
}

/** Slack's Web API: refuses with HTTP 200 and a code. */
export function webApi(request: Seen): Answer {
	const { path, headers, body } = request;
	const method = path.replace('/api/', '');
	if (path.startsWith('/upload/')) {
		// Raw, or one part of a form.
		const isForm = headers['content-type']?.startsWith('multipart/form-data');
		const [size] = isForm ? Object.values(formOf(request)).map(({ data }) => data.length) : [body.length];
		return Number(path.split('/')[3]) === size
			? { body: `OK - ${size}` }
			: { status: 400, body: 'length mismatch' };
	}
	if (headers.authorization !== `Bearer ${webApiToken}`)
		return no(headers.authorization ? 'invalid_auth' : 'not_authed');
	const needed = required[method];
	if (!needed) return no('unknown_method', { req_method: method });
	if (takesFormOnly.includes(method) && headers['content-type']?.startsWith('application/json'))
		return no('invalid_arguments');
	const given = argumentsOf(request);
	const lacking = needed.find((name) => given[name] === undefined || given[name] === '');
	if (lacking) {
		if (lacking === 'channel') return no('channel_not_found');
		return no('invalid_arguments', {
			response_metadata: { messages: [`[ERROR] missing required field: ${lacking}`] },
		});
	}
	switch (method) {
		case 'chat.postMessage':
		case 'chat.postEphemeral':
		case 'chat.scheduleMessage': {
			if (!/^([CGDU][A-Z0-9]{8,}|#[\w-]+)$/.test(given.channel)) return no('channel_not_found');
			if (!given.text && !given.blocks && !given.markdown_text) return no('no_text');
			if (given.markdown_text && (given.text || given.blocks)) return no('markdown_text_conflict');
			if ((given.text ?? '').length > 40_000) return no('msg_too_long');
			const complaint = complain(given.blocks ?? []);
			if (complaint) return no('invalid_blocks', { response_metadata: { messages: [complaint] } });
			const channel = given.channel.startsWith('#') ? 'C0GENERAL0' : given.channel;
			if (method === 'chat.postEphemeral') return { body: { ok: true, message_ts: '1700000000.000200' } };
			if (method === 'chat.scheduleMessage')
				return { body: { ok: true, channel, scheduled_message_id: 'Q1298393284', post_at: given.post_at } };
			return { body: { ok: true, channel, ts: '1700000000.000100', message: { text: given.text } } };
		}
		case 'conversations.open':
			return given.users || given.channel
				? { body: { ok: true, channel: { id: 'D0TOGETHER' } } }
				: no('users_list_not_supplied');
		case 'files.getUploadURLExternal':
			return {
				body: {
					ok: true,
					upload_url: `http://${headers.host}/upload/v1/${given.length}`,
					file_id: 'F0FILE00001',
				},
			};
		case 'files.completeUploadExternal':
			return { body: { ok: true, files: given.files } };
		default:
			return { body: { ok: true, method } };
	}
}

function complain(blocks: VendorJson[]): string | undefined {
	if (blocks.length > 50) return '[ERROR] no more than 50 items allowed [json-pointer:/blocks]';
	for (const { type, text, fields, elements, alt_text } of blocks) {
		if (type === 'header' && (text.type !== 'plain_text' || text.text.length > 150))
			return '[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]';
		if (type === 'section' && text && (text.text.length < 1 || text.text.length > 3000))
			return '[ERROR] must be less than 3001 characters';
		if (
			type === 'section' &&
			fields &&
			(fields.length > 10 || fields.some((field: VendorJson) => field.text.length > 2000))
		)
			return '[ERROR] fields';
		if (
			type === 'actions' &&
			(elements.length > 25 || elements.some((element: VendorJson) => element.text.text.length > 75))
		)
			return '[ERROR] must be less than 76 characters';
		if (type === 'image' && (!alt_text || alt_text.length > 2000))
			return '[ERROR] missing required field: alt_text';
	}
	return undefined;
}
