import type { Call, File } from '../../core/define/channel';
import { judge } from '../../core/http/judge';
import { proofOf } from '../../core/http/proof';
import type { VendorJson } from '../../core/http/http';
import { webhookOf, type discordAccount } from './account';
import { discordReplies } from './errors';
import { bodyWith } from './files';
import type { Payload } from './payload';

export const named = { en: 'Discord', zh: 'Discord' };

export type Bound = Pick<Call<typeof discordAccount>, 'account' | 'http'>;

/** In which thread, and which of the messages there. */
export interface Place {
	thread?: string;
	message?: string;
}

/** Says what was taken only when it is asked to wait for it, and drops components unless told not to. */
const asked = ({ thread }: Place, { components }: Payload) => ({
	wait: true,
	thread_id: thread,
	with_components: Array.isArray(components) && components.length > 0 ? true : undefined,
});

/** A new message. @returns the message as it stands now */
export async function post(
	{ account, http }: Bound,
	place: Place,
	payload: Payload,
	files: readonly File[] = [],
): Promise<VendorJson> {
	const { address } = webhookOf(account);
	const query = asked(place, payload);
	const body = query.with_components ? payload : { ...payload, components: undefined };
	const { json } = await http.call('POST', address, { query, ...bodyWith(body, files) });
	proofOf(json?.id, named);
	return json;
}

/** Another content for a message that stands: what is not named of it goes. */
export async function change(
	{ account, http }: Bound,
	place: Place,
	payload: Payload,
	files: readonly File[] = [],
): Promise<VendorJson> {
	const { wait: _, ...query } = asked(place, payload);
	const body = { attachments: [], ...payload };
	const path = pathOf(account, place);
	const { json } = await http.call('PATCH', path, { query, idempotent: true, ...bodyWith(body, files) });
	proofOf(json?.id, named);
	return json;
}

export const messageOf = ({ account, http }: Bound, place: Place): Promise<VendorJson> =>
	http.get(pathOf(account, place), { query: { thread_id: place.thread } });

/** Of which nothing is left to answer with. */
export async function remove({ account, http }: Bound, place: Place): Promise<void> {
	const query = { thread_id: place.thread };
	const reply = await http.call('DELETE', pathOf(account, place), { query, raw: true, idempotent: true });
	if (reply.status !== 204) judge({ name: named, replies: discordReplies }, reply);
}

const pathOf = (account: Bound['account'], { message }: Place) =>
	`${webhookOf(account).address}/messages/${encodeURIComponent(message!)}`;
