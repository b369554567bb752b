import type { Raw } from '../../core/deliver/deliver';
import { invalid, type ChannelError } from '../../core/base/errors';
import { isShown, type Fields } from '../../core/base/field';
import type { Account } from '../../core/define/account';
import { accountProperties, accountTypeOf, type Property } from './properties';
import type { Config, Credentials, Node, Red } from './red';

/** An account as nodes that use it see it. */
export interface AccountNode extends Node {
	/** By field key, secrets among them, `${ENV}` put in. */
	account: Raw;
}

export const isAccount = (node: unknown): node is AccountNode =>
	typeof (node as AccountNode | undefined)?.account === 'object';

export function credentialsOf(properties: readonly Property[]): Credentials {
	return Object.fromEntries(
		properties.filter(({ credential }) => credential).map(({ name }) => [name, { type: 'password' as const }]),
	);
}

/** @param onClosed runs when the last account of this type is gone */
export function registerAccount(RED: Red, type: string, fields: Fields, onClosed?: () => Promise<void> | void): void {
	const properties = accountProperties(fields);
	let open = 0;
	RED.nodes.registerType(
		type,
		function (config) {
			RED.nodes.createNode(this, config);
			(this as AccountNode).account = accountOf(properties, config, this.credentials ?? {});
			open++;
			this.on('close', (_removed, done) => {
				if (--open > 0 || !onClosed) return done();
				Promise.resolve()
					.then(onClosed)
					.catch((error: unknown) => this.warn(String(error)))
					.then(done, done);
			});
		},
		{ credentials: credentialsOf(properties) },
	);
}

/** The set of an account that is no node's own. */
export const accountSet =
	({ id, account }: Account) =>
	(RED: Red): void =>
		registerAccount(RED, accountTypeOf(id), account);

export function accountOf(
	properties: readonly Property[],
	config: Partial<Config>,
	credentials: Readonly<Record<string, unknown>>,
): Raw {
	return Object.fromEntries(
		properties.map(({ name, key, credential }) => [key, (credential ? credentials : config)[name]]),
	);
}

/** `${NAME}` and `$(NAME)`, which Node-RED puts in when it starts a node; a variable that is not set stays as it is. */
export const variableOf = (value: unknown): string | undefined =>
	typeof value === 'string' ? (/^\$\{(\S+)\}$/.exec(value) ?? /^\$\((\S+)\)$/.exec(value))?.[1] : undefined;

/** What is wrong with an account that names a variable which is not set. */
export function unsetIn(properties: readonly Property[], account: Raw): ChannelError | undefined {
	const fields = Object.fromEntries(properties.map(({ key, field }) => [key, field]));
	const unset = properties.find(({ key }) => variableOf(account[key]) !== undefined && isShown(fields, key, account));
	if (!unset) return undefined;
	const { label } = unset.field;
	const variable = variableOf(account[unset.key]);
	return invalid(unset.key, {
		en: `“${label.en}”: the variable ${variable} is not set. Set it where Node-RED starts, or in the flow’s or the global environment.`,
		zh: `“${label.zh}”：变量 ${variable} 未设置。请在启动 Node-RED 的环境、流程或全局环境变量中设置。`,
	});
}
