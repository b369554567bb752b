import type { Channel } from '../src/core/define/channel';
import { deliver } from '../src/core/deliver/deliver';
import { isChannelError } from '../src/core/base/errors';
import { isShown, type Field, type Fields } from '../src/core/base/field';

export const secretMark = 'S3cretMark';

/** Values to try for a field, most telling first: a secret that can be found again, what the form suggests, a plain word. */
function candidates(key: string, field: Field): unknown[] {
	const suggestion = field.placeholder?.split(/, |\s*[\n]\s*/)[0];
	const marked = [`${secretMark}${key}0123456789`, `${secretMark}${key}0123456789`.slice(0, 16).padEnd(16, '0')];
	switch (field.kind) {
		case 'secret':
		case 'secrets':
			// What has a form of its own (`AT_…`, `SCT…`) shows its beginning in the placeholder.
			return [
				...marked,
				`${/^[A-Za-z]+[-_]?/.exec(suggestion ?? '')?.[0] ?? ''}${marked[0]}`,
				suggestion,
				`https://example.com/${marked[0]}`,
			];
		case 'number':
			return [suggestion, field.min, field.max, 1];
		case 'choice':
			return Object.keys(field.options ?? {});
		case 'choices':
			return [''];
		case 'toggle':
			return [false];
		case 'url':
			return ['https://example.com/x', suggestion];
		case 'json':
			return ['{}', '[]', suggestion];
		case 'rows':
			return [[], [rowOf(field)]];
		default:
			return [suggestion, 'sample', 'sample@example.com', '1'];
	}
}

/** A row as the form suggests it. */
const rowOf = ({ fields = {} }: Field) =>
	Object.fromEntries(
		Object.entries(fields).map(([key, field]) => [
			key,
			field.secret ? `${secretMark}${key}0123456789` : candidates(key, field).find((each) => each !== undefined),
		]),
	);

const network = ['proxy', 'caCertificate', 'allowInsecureTls', 'defaultImage', 'language'];

/**
 * An account and options that the channel takes, found by trying: the required fields and every secret,
 * and whatever else the channel's own refusals (`Invalid(field)`) ask for.
 */
export async function sampleOf(
	channel: Channel,
	place: Record<string, unknown>,
): Promise<{ account: Record<string, unknown>; options: Record<string, unknown> }> {
	const account: Record<string, unknown> = { ...place };
	const options: Record<string, unknown> = {};
	const tried = new Map<string, number>();
	const propose = (fields: Fields, values: Record<string, unknown>, key: string) => {
		const field = fields[key];
		if (!field || key in place) return false;
		const list = candidates(key, field).filter((each) => each !== undefined);
		const next = tried.get(`${values === account}${key}`) ?? 0;
		if (next >= list.length) return false;
		values[key] = list[next];
		tried.set(`${values === account}${key}`, next + 1);
		return true;
	};
	for (const [key, field] of Object.entries(channel.account)) {
		if (network.includes(key) || key in place) continue;
		if (
			(!field.optional && field.default === undefined) ||
			(field.secret && isShown(channel.account, key, account))
		)
			propose(channel.account, account, key);
	}
	if (channel.target && !channel.target.optional) propose(channel.account, account, 'to');
	for (let round = 0; round < 40; round++) {
		try {
			await deliver(channel, account, { ...options, attempts: 1, deadline: 2 }, 'sample');
			return { account, options };
		} catch (error) {
			if (!isChannelError(error) || error.class !== 'Invalid') return { account, options };
			const field = error.field ?? '';
			if (!propose(channel.account, account, field) && !propose(channel.options, options, field)) {
				throw new Error(
					`${channel.id}: no value of “${field}” is good enough: ${error.message} Give the field a placeholder that is a valid example.`,
					{ cause: error },
				);
			}
		}
	}
	throw new Error(`${channel.id}: no sample found`);
}

/** Where the channel looks for its service: that place is on loopback. */
export function placeOf(channel: Channel, host: string, port: number, scheme = ''): Record<string, unknown> {
	if (channel.account.baseUrl) return { baseUrl: `${scheme || 'http'}://${host}:${port}` };
	if (channel.account.host) return { host, port, ...('security' in channel.account && { security: 'none' }) };
	const [key] =
		Object.entries(channel.account).find(
			([, { kind, placeholder }]) => kind === 'url' || /^(https?|wss?):/.test(placeholder ?? ''),
		) ?? [];
	if (!key) return {};
	const own = /^wss?:/.test(channel.account[key]?.placeholder ?? '')
		? scheme === 'https'
			? 'wss'
			: 'ws'
		: scheme || 'http';
	return { [key]: `${own}://${host}:${port}/${secretMark}path0123456789` };
}
