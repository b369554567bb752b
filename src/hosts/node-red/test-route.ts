import type { Channel } from '../../core/define/channel';
import { deliver, type Raw } from '../../core/deliver/deliver';
import { invalid, seal, type ChannelError } from '../../core/base/errors';
import { fill } from '../../core/base/language';
import { isAccount } from './account-node';
import { accountProperties, accountTypeOf, type Property } from './properties';
import type { App, Node, Red, Request, Response } from './red';

/** What the editor sends: an account's form as it stands, and the literal options of a node that uses it. */
interface TestRequest {
	/** Id of the config node, which may not be deployed yet. */
	account?: string;
	/** By property name; a secret that was not edited is `kept`. */
	values?: Record<string, unknown>;
	/** By field key. */
	options?: Record<string, unknown>;
}

/** What the editor shows, and sends back, in place of a secret that it does not know. */
const kept = '__PWRD__';

const offered = new WeakMap<App, Map<string, Channel>>();

/** Lets the editor send a test by this channel: `POST <admin root>carillon-editor/<id>/test`; below `/carillon` triggers listen. */
export function offerTest(RED: Red, channel: Channel): void {
	const { httpAdmin } = RED;
	if (typeof httpAdmin?.post !== 'function') return;
	const known = offered.get(httpAdmin);
	if (known) return void known.set(channel.id, channel);
	const channels = new Map([[channel.id, channel]]);
	offered.set(httpAdmin, channels);
	httpAdmin.post('/carillon-editor/:id/test', RED.auth.needsPermission('carillon.write'), (request, response) => {
		const { id } = (request as Request & { params: { id: string } }).params;
		const asked = channels.get(id);
		if (!asked) return answer(response, 404, { ok: false, message: `There is no channel “${id}”.` });
		test(RED, asked, request, response).catch((thrown: unknown) =>
			fail(
				response,
				seal(thrown, 'en', (text) => text),
			),
		);
	});
}

async function test(RED: Red, channel: Channel, request: Request, response: Response): Promise<void> {
	const { account: id = '', values = {}, options = {} } = (request.body ?? {}) as TestRequest;
	const language = values.language === 'zh' ? 'zh' : 'en';
	const stop = new AbortController();
	response.on('close', () => stop.abort());
	try {
		const account = accountFor(RED, channel, id, values);
		const message = {
			title: 'Carillon',
			body: fill(greeting, { name: language === 'zh' ? channel.zh : channel.name })[language],
		};
		const receipt = await deliver(channel, account, { ...options, attempts: 1, deadline: 30 }, message, {
			signal: stop.signal,
		});
		answer(response, 200, { ...receipt, raw: undefined });
	} catch (thrown) {
		fail(
			response,
			seal(thrown, language, (text) => text, channel.id),
		);
	}
}

/**
 * The form's values, and from the server's side the secrets that were not edited. Those go only where
 * they went before: with any other setting changed they would go to wherever the form says.
 */
function accountFor(RED: Red, channel: Channel, id: string, values: Record<string, unknown>): Raw {
	const properties = accountProperties(channel.account);
	const node = id ? RED.nodes.getNode(id) : undefined;
	const deployed = isAccount(node) && node.type === accountTypeOf(channel.id) ? node : undefined;
	const given = Object.fromEntries(
		properties.map(({ key, name }) => [key, withEnvironment(RED, deployed, values[name])]),
	) as Record<string, unknown>;
	const unedited = properties.filter(({ credential, key }) => credential && given[key] === kept);
	if (unedited.length === 0) return given;
	const changed = properties.filter(
		(property) =>
			!unedited.includes(property) &&
			!isHarmless(property) &&
			deployed &&
			!isSame(given[property.key], deployed.account[property.key]),
	);
	if (!deployed || changed.length > 0) throw notSent(unedited[0]!, changed[0]);
	return { ...given, ...Object.fromEntries(unedited.map(({ key }) => [key, deployed.account[key]])) };
}

/** Changes nothing about where a request goes. */
const isHarmless = ({ key }: Property) => key === 'to' || key === 'language' || key === 'defaultImage';

const isSame = (a: unknown, b: unknown) => asText(a) === asText(b);
const asText = (value: unknown) => (value === undefined || value === null ? '' : String(value));

function notSent({ key, field }: Property, changed: Property | undefined): ChannelError {
	const { label } = field;
	if (!changed) {
		return invalid(key, {
			en: `“${label.en}” is kept on the server but the account is not deployed: deploy it, or enter it again.`,
			zh: `“${label.zh}”保存在服务器上，但账号尚未部署：请先部署，或重新填写。`,
		});
	}
	return invalid(key, {
		en: `“${label.en}” is kept on the server and is not sent with a changed “${changed.field.label.en}”: enter it again, or deploy first.`,
		zh: `“${label.zh}”保存在服务器上，“${changed.field.label.zh}”改动后不会用它测试：请重新填写，或先部署。`,
	});
}

/** `${NAME}`, as Node-RED puts it into a node that is deployed. */
function withEnvironment(RED: Red, node: Node | undefined, value: unknown): unknown {
	if (typeof value !== 'string' || !/^\$\{[^}]+\}$/.test(value)) return value;
	let found: unknown;
	RED.util.evaluateNodeProperty(value, 'env', node ?? ({} as Node), {}, (_error, result) => (found = result));
	return found === undefined || found === '' ? value : found;
}

const greeting = {
	en: 'A test from Node-RED: what you send by {name} arrives here.',
	zh: '这是来自 Node-RED 的测试：通过{name}发送的通知会到达这里。',
};

function fail(response: Response, error: ChannelError): void {
	answer(response, 422, { ok: false, ...error.toJSON() });
}

function answer(response: Response, status: number, body: object): void {
	if (response.headersSent || response.destroyed) return;
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
	response.end(JSON.stringify(body));
}
