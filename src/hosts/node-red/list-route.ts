import type { Field } from '../../core/base/field';
import type { Channel } from '../../core/define/channel';
import { lookUp } from '../../core/deliver/deliver';
import { seal } from '../../core/base/errors';
import { answer, answerFailed, languageOf, offerEach } from './admin-route';
import { lentAccount } from './lent-account';
import { accountProperties, channelProperties, type Property } from './properties';
import type { Red, Request, Response } from './red';
import { lastingOf } from './stores';

/** What the editor sends: the account's form as it stands, and which field is to be picked. */
interface ListRequest {
	account?: string;
	/** By property name; a secret that was not edited is `kept`. */
	values?: Record<string, unknown>;
	/** Whose field it is. */
	of?: 'account' | 'node';
	/** Property name; behind a dot the key of a field within its rows. */
	field?: string;
	search?: string;
	cursor?: string;
}

/** Lets the editor show what the service lists for a field: `POST <admin root>carillon-editor/<id>/list`. */
export function offerList(RED: Red, channel: Channel): void {
	const properties = [accountProperties(channel.account), channelProperties(channel)].flat();
	if (!properties.some(({ field }) => [field, ...Object.values(field.fields ?? {})].some((each) => each.list)))
		return;
	offerEach(RED, 'list', channel.id, (request, response) => list(RED, channel, request, response));
}

async function list(RED: Red, channel: Channel, request: Request, response: Response): Promise<void> {
	const { account: id = '', values = {}, of, field: name, search, cursor } = (request.body ?? {}) as ListRequest;
	const lasting = lastingOf(RED);
	const stop = new AbortController();
	response.on('close', () => stop.abort());
	try {
		const properties = of === 'account' ? accountProperties(channel.account) : channelProperties(channel);
		const found = fieldAt(properties, String(name));
		if (!found?.list) return answer(response, 404, { ok: false, message: `“${String(name)}” cannot be listed.` });
		const account = lentAccount(RED, channel, id, values);
		const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);
		const asked = { search: text(search), cursor: text(cursor) };
		answer(response, 200, await lookUp(channel, account, found, asked, { signal: stop.signal, lasting }));
	} catch (thrown) {
		answerFailed(
			response,
			seal(thrown, languageOf(request), (text) => text, channel.id),
		);
	} finally {
		await lasting.giveBack();
	}
}

function fieldAt(properties: readonly Property[], path: string): Field | undefined {
	const [name, key] = path.split('.', 2);
	const { field } = properties.find((each) => each.name === name) ?? {};
	const rows = field?.fields ?? {};
	return key === undefined ? field : Object.hasOwn(rows, key) ? rows[key] : undefined;
}
