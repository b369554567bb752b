import { Validator, type Schema } from 'jsonschema';
import spec from '../../data/specs/discord.json';
import { formOf } from '../../multipart';
import type { Answer, Seen } from '../../service';

export const id = '1100000000000000000';
export const token = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKlMnOpQrStUvWx';
export const hookPath = `/api/v10/webhooks/${id}/${token}`;
export const thread = '1100000000000000007';
const lockedThread = '1100000000000000008';

const flags = { suppressEmbeds: 4, silent: 4096, components: 32_768 };

const no = (status: number, code: number, message: string, errors?: object): Answer => ({
	status,
	body: { message, code, ...(errors && { errors }) },
});
/** As Discord tells what is wrong where. */
const invalid = (path: string, message: string) => {
	const errors = path
		.split('.')
		.reduceRight<object>((inner, key) => ({ [key]: inner }), { _errors: [{ code: 'BASE_TYPE_BAD', message }] });
	return no(400, 50_035, 'Invalid Form Body', errors);
};

const validator = new Validator();

function againstSpec(kind: 'execute' | 'edit', message: unknown): Answer | undefined {
	const schema = { ...spec[kind], definitions: spec.definitions } as unknown as Schema;
	const { errors } = validator.validate(message, schema, { base: 'https://discord.com/', nestedErrors: true });
	// The first is that none of the alternatives fits: the others say why.
	const told = errors.find(({ name }) => name !== 'anyOf') ?? errors[0];
	return told && invalid(told.path.join('.') || 'body', told.message);
}

interface Embed {
	title?: string;
	description?: string;
	fields?: { name: string; value: string }[];
	footer?: { text: string };
	author?: { name: string };
	image?: { url: string };
}
interface Part {
	type: number;
	content?: string;
	url?: string;
	style?: number;
	components?: Part[];
}

const lengthOf = ({ title = '', description = '', fields = [], footer, author }: Embed) =>
	[title, description, footer?.text ?? '', author?.name ?? '', ...fields.flatMap(({ name, value }) => [name, value])]
		.map(({ length }) => length)
		.reduce((sum, each) => sum + each, 0);

const partsOf = (parts: readonly Part[] = []): Part[] => parts.flatMap((part) => [part, ...partsOf(part.components)]);

/** What the specification has no words for. */
function beyondSpec(
	message: Record<string, never>,
	files: readonly string[],
	withComponents: boolean,
): Answer | undefined {
	const {
		content = '',
		embeds = [],
		components = [],
		poll,
	} = message as unknown as {
		content?: string;
		embeds?: Embed[];
		components?: Part[];
		poll?: object;
	};
	const isCard = (Number(message.flags ?? 0) & flags.components) !== 0;
	if (Number(message.flags ?? 0) & ~(flags.suppressEmbeds | flags.silent | flags.components))
		return invalid('flags', 'Unknown flags.');
	const shown = withComponents ? components : [];
	const all = partsOf(shown);
	if (isCard && (content !== '' || embeds.length > 0 || poll || files.length > 0))
		return invalid('components', 'Message type cannot have content, embeds, files or polls.');
	if (all.length > 40) return invalid('components', 'The total number of components exceeds the maximum size of 40.');
	if (all.reduce((sum, part) => sum + (part.content?.length ?? 0), 0) > 4_000)
		return invalid('components', 'The total displayable text exceeds the maximum size of 4000.');
	for (const part of all) {
		if (!isCard && part.type > 8) return invalid('components.0', 'Only with the flag of components.');
		if (part.type === 2 && (part.style !== 5 || !/^https?:|^discord:/.test(part.url ?? '')))
			return invalid('components.0.components.0.url', 'Scheme must be one of http, https, discord.');
	}
	if (embeds.reduce((sum, each) => sum + lengthOf(each), 0) > 6_000)
		return invalid('embeds', 'Embed size exceeds maximum size of 6000.');
	for (const [at, embed] of embeds.entries()) {
		const { title, description, fields = [], image, author, footer } = embed;
		if (!title && !description && fields.length === 0 && !image && !author && !footer && !('thumbnail' in embed))
			return invalid(`embeds.${at}.description`, 'This field is required');
		for (const [index, { name, value }] of fields.entries())
			if (name.trim() === '' || value.trim() === '')
				return invalid(`embeds.${at}.fields.${index}`, 'This field is required');
		const url = image?.url ?? '';
		if (url.startsWith('attachment://') && !files.includes(url.slice(13)))
			return invalid(`embeds.${at}.image.url`, 'Not a well formed URL.');
	}
	if (content.trim() === '' && embeds.length === 0 && files.length === 0 && !poll && shown.length === 0)
		return no(400, 50_006, 'Cannot send an empty message');
	const { parse = [], users = [] } = (message.allowed_mentions ?? {}) as { parse?: string[]; users?: string[] };
	if (parse.includes('users') && users.length > 0)
		return invalid('allowed_mentions', 'parse:["users"] and users: [ids] are exclusive.');
	return undefined;
}

export interface Standing {
	id: string;
	thread?: string;
	isCard: boolean;
	message: Record<string, unknown>;
}

/** Discord's webhooks: one in a channel, or in a forum. */
export class Webhooks {
	isForum = false;
	/** Bytes of one file. */
	most = 10 * 1024 * 1024;
	readonly messages: Standing[] = [];
	private made = 0;

	answer = (request: Seen): Answer => {
		const { method, path, query } = request;
		const found = /^\/api(?:\/v\d+)?\/webhooks\/([^/]+)\/([^/]+)(?:\/messages\/([^/]+))?$/.exec(path);
		if (!found) return no(404, 0, '404: Not Found');
		if (found[1] !== id) return no(404, 10_015, 'Unknown Webhook');
		if (found[2] !== token) return no(401, 50_027, 'Invalid Webhook Token');
		const { thread_id: asked } = query;
		if (asked !== undefined && !/^\d+$/.test(asked))
			return invalid('thread_id', `Value "${asked}" is not snowflake.`);
		if (asked === lockedThread) return no(400, 160_005, 'Thread is locked');
		const isKnown = asked === undefined || asked === thread || this.messages.some((each) => each.thread === asked);
		if (!isKnown) return no(404, 10_003, 'Unknown Channel');
		if (found[3] !== undefined) return this.standing(request, found[3], asked);
		if (method === 'GET')
			return { body: { id, type: 1, name: 'Captain Hook', channel_id: '1', guild_id: '2', token } };
		return method === 'POST' ? this.executed(request) : no(405, 0, '405: Method Not Allowed');
	};

	private standing(request: Seen, message: string, asked: string | undefined): Answer {
		const one = this.messages.find((each) => each.id === message && each.thread === asked);
		if (!one) return no(404, 10_008, 'Unknown Message');
		if (request.method === 'GET') return { body: { id: message, ...one.message } };
		if (request.method === 'DELETE') {
			this.messages.splice(this.messages.indexOf(one), 1);
			return { status: 204 };
		}
		const given = this.read(request, 'edit');
		if ('refusal' in given) return given.refusal;
		if (Number(given.message.flags ?? 0) & flags.silent) return invalid('flags', 'Only some flags may be edited.');
		Object.assign(one.message, given.message);
		return { body: { id: message, channel_id: asked ?? '1', ...one.message } };
	}

	private executed(request: Seen): Answer {
		const given = this.read(request, 'execute');
		if ('refusal' in given) return given.refusal;
		const { message } = given;
		const { thread_id: asked, wait } = request.query;
		const isPost = message.thread_name !== undefined;
		if (isPost && asked !== undefined)
			return no(400, 220_002, 'Webhooks posted to forum channels cannot have both a thread_name and thread_id');
		if (isPost && !this.isForum) return no(400, 220_003, 'Webhooks can only create threads in forum channels');
		if (this.isForum && !isPost && asked === undefined)
			return no(400, 220_001, 'Webhooks posted to forum channels must have a thread_name or thread_id');
		const made = String(1_200_000_000_000_000_000n + BigInt(this.made++));
		const place = isPost ? made : asked;
		this.messages.push({
			id: made,
			thread: place,
			isCard: (Number(message.flags ?? 0) & flags.components) !== 0,
			message,
		});
		if (wait !== 'true') return { status: 204 };
		return {
			body: { id: made, type: 0, channel_id: place ?? '1', webhook_id: id, content: message.content ?? '' },
		};
	}

	private read(request: Seen, kind: 'execute' | 'edit'): { refusal: Answer } | { message: Record<string, never> } {
		const form = formOf(request);
		const parts = Object.entries(form).filter(([name]) => name.startsWith('files['));
		const message = (form.payload_json ? JSON.parse(form.payload_json.data.toString()) : request.json) as
			Record<string, never> | undefined;
		if (!message) return { refusal: no(400, 50_109, 'The request body contains invalid JSON.') };
		if (parts.some(([, { data }]) => data.length > this.most))
			return { refusal: no(413, 40_005, 'Request entity too large') };
		const names = parts.map(([, { filename = '' }]) => filename);
		const declared = (message.attachments ?? []) as { id: string; filename: string }[];
		if (declared.some((each) => names[Number(each.id)] !== each.filename))
			return { refusal: invalid('attachments', 'Unknown attachment.') };
		const withComponents = request.query.with_components === 'true';
		const refusal = againstSpec(kind, message) ?? beyondSpec(message, names, withComponents);
		return refusal ? { refusal } : { message };
	}
}
