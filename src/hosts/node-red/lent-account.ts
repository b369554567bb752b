import type { Channel } from '../../core/define/channel';
import type { Raw } from '../../core/deliver/deliver';
import { invalid, type ChannelError } from '../../core/base/errors';
import { isShown, readOne, type Fields } from '../../core/base/field';
import type { Text } from '../../core/base/language';
import { isAccount, unsetIn, variableOf } from './account-node';
import { accountProperties, accountTypeOf, type Property } from './properties';
import type { Config, Red } from './red';

/** What the editor shows, and sends back, in place of a secret that it does not know. */
const kept = '__PWRD__';

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
export function lentAccount(RED: Red, channel: Channel, id: string, values: Record<string, unknown>): Raw {
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
