import type { Raw } from '../../core/deliver/deliver';
import type { Fields } from '../../core/base/field';
import { accountProperties, type Property } from './properties';
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

export function accountOf(
	properties: readonly Property[],
	config: Partial<Config>,
	credentials: Readonly<Record<string, unknown>>,
): Raw {
	return Object.fromEntries(
		properties.map(({ name, key, credential }) => [key, (credential ? credentials : config)[name]]),
	);
}
