import type { Channel } from '../../core/define/channel';
import { deliver, verify, type Raw } from '../../core/deliver/deliver';
import { invalid, seal, type ChannelError } from '../../core/base/errors';
import { isShown, readOne, type Fields } from '../../core/base/field';
import { fill, named, type Text } from '../../core/base/language';
import { isAccount, unsetIn, variableOf } from './account-node';
import { answer, offer } from './admin-route';
import { accountProperties, accountTypeOf, type Property } from './properties';
import type { App, Config, Red, Request, Response } from './red';

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

/** Lets the editor send a test by this channel: `POST <admin root>carillon-editor/<id>/test`. */
export function offerTest(RED: Red, channel: Channel): void {
	const { httpAdmin } = RED;
	if (!httpAdmin) return;
	const known = offered.get(httpAdmin);
	if (known) return void known.set(channel.id, channel);
	const channels = new Map([[channel.id, channel]]);
	offered.set(httpAdmin, channels);
	offer(RED, ':id/test', (request, response) => {
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
	const context = { signal: stop.signal };
	try {
		const account = accountFor(RED, channel, id, values);
		const variable = channel.to && variableOf(options.to);
		if (variable) throw invalid('to', named(notOfNodes, channel.to!.label, { variable }));
		const message = {
			title: 'Carillon',
			body: fill(greeting, { name: language === 'zh' ? channel.zh : channel.name })[language],
		};
		const sending = deliver(channel, account, { ...options, attempts: 1, deadline: 30 }, message, context);
		const receipt = await sending.catch(async (thrown: ChannelError) => {
			// Whom to ring matters to nobody whose account does not work.
			throw (thrown.class === 'Invalid' && (await faultOf(channel, account, context))) || thrown;
		});
		answer(response, 200, { ...receipt, raw: undefined });
	} catch (thrown) {
		fail(
			response,
			seal(thrown, language, (text) => text, channel.id),
		);
	}
}

/** What the service says against the account; a relay that passes on nothing but messages is not asked before one fails. */
const faultOf = (channel: Channel, account: Raw, context: { signal: AbortSignal }): Promise<ChannelError | undefined> =>
	verify(channel, account, context).then(
		() => undefined,
		(error: ChannelError) => error,
	);

/** An account as it is deployed. */
interface Deployed {
	/** With its variables put in. */
	account: Raw;
	/** By field key, as it was typed: `${NAME}`. */
	typed: Raw;
}

/**
 * The form's values, and what the server lends to them: secrets that were not edited, and what variables stand for,
 * those of the deployed account alone. Both go only where they went before: with any other setting changed they
 * would go to wherever the form says.
 */
function accountFor(RED: Red, channel: Channel, id: string, values: Record<string, unknown>): Raw {
	const properties = accountProperties(channel.account);
	const given: Record<string, unknown> = Object.fromEntries(properties.map(({ key, name }) => [key, values[name]]));
	const lent = properties.filter(
		({ credential, key }) => variableOf(given[key]) !== undefined || (credential && given[key] === kept),
	);
	if (lent.length === 0) return given;
	const deployed = deployedAs(RED, channel, properties, id);
	const unknown = lent.find(({ key }) => given[key] !== kept && given[key] !== deployed?.typed[key]);
	if (unknown) throw notPutIn(unknown, variableOf(given[unknown.key])!);
	if (!deployed) throw notSent(lent[0]!);
	const account = { ...given, ...Object.fromEntries(lent.map(({ key }) => [key, deployed.account[key]])) };
	const changed = properties.find(
		({ key }) =>
			!isHarmless(key) && said(channel.account, account, key) !== said(channel.account, deployed.account, key),
	);
	if (changed) throw notSent(lent[0]!, changed);
	const unset = unsetIn(properties, account);
	if (unset) throw unset;
	return account;
}

function deployedAs(RED: Red, channel: Channel, properties: readonly Property[], id: string): Deployed | undefined {
	const node = id ? RED.nodes.getNode(id) : undefined;
	if (!isAccount(node) || node.type !== accountTypeOf(channel.id)) return undefined;
	let config: Partial<Config> = {};
	RED.nodes.eachNode((each) => {
		if (each.id === id) config = each;
	});
	const credentials = RED.nodes.getCredentials(id) ?? {};
	const typed = properties.map(({ key, name, credential }) => [key, (credential ? credentials : config)[name]]);
	return { account: node.account, typed: Object.fromEntries(typed) as Raw };
}

/** Changes nothing about where a request goes. */
const isHarmless = (key: string) => key === 'to' || key === 'language' || key === 'defaultImage';

/** What a setting comes to, in one text: the same for one that a flow lacks as for its default. */
function said(fields: Fields, raw: Raw, key: string): string {
	const field = fields[key]!;
	const given = isShown(fields, key, raw) ? raw[key] : undefined;
	try {
		const value = readOne(
			key,
			{ ...field, optional: true, check: undefined },
			isBlank(given) ? field.default : given,
		);
		return JSON.stringify(value) ?? '';
	} catch {
		return JSON.stringify(given) ?? '';
	}
}

const isBlank = (given: unknown) => given === undefined || given === null || String(given).trim() === '';

function notSent({ key, field, credential }: Property, changed?: Property): ChannelError {
	const { label } = field;
	const where: Text = credential
		? { en: 'kept on the server', zh: '保存在服务器上' }
		: { en: 'a variable', zh: '引用了变量' };
	if (!changed) {
		return invalid(key, {
			en: `“${label.en}” is ${where.en} but the account is not deployed: deploy it, or enter it again.`,
			zh: `“${label.zh}”${where.zh}，但账号尚未部署：请先部署，或重新填写。`,
		});
	}
	return invalid(key, {
		en: `“${label.en}” is ${where.en} and is not sent with a changed “${changed.field.label.en}”: enter it again, or deploy first.`,
		zh: `“${label.zh}”${where.zh}，“${changed.field.label.zh}”改动后不会用它测试：请重新填写，或先部署。`,
	});
}

const notPutIn = ({ key, field: { label } }: Property, variable: string): ChannelError =>
	invalid(key, {
		en: `“${label.en}” names the variable ${variable}. A test puts in only what the deployed account names: deploy first, or enter the value itself.`,
		zh: `“${label.zh}”引用了变量 ${variable}。测试只会代入已部署账号中引用的变量：请先部署，或直接填写其值。`,
	});

const notOfNodes: Text = {
	en: '“{name}” names the variable {variable}, which only a deployed node puts in: for the test enter the value itself.',
	zh: '“{name}”引用了变量 {variable}，只有部署后的节点才会代入：测试时请直接填写其值。',
};

const greeting = {
	en: 'A test from Node-RED: what you send by {name} arrives here.',
	zh: '这是来自 Node-RED 的测试：通过{name}发送的通知会到达这里。',
};

function fail(response: Response, error: ChannelError): void {
	answer(response, 422, { ok: false, ...error.toJSON() });
}
