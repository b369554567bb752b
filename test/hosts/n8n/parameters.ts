import type { INodeProperties } from 'n8n-workflow';
import type { Channel } from '../../../src/core/define/channel';
import { channelNode } from '../../../src/hosts/n8n/channel-node';

/** What somebody fills in on a channel's form; a value that is an expression is one here too. */
export interface Filled {
	title?: unknown;
	message?: unknown;
	format?: unknown;
	to?: unknown;
	/** By the keys of `messageFields`. */
	more?: Readonly<Record<string, unknown>>;
	/** The channel's own, and those of its delivery. */
	options?: Readonly<Record<string, unknown>>;
}

/** The parameters of a channel's node that was filled in so, wherever its form has each of them now. */
export function parametersOf(channel: Channel, { more = {}, options = {}, ...onForm }: Filled): object {
	const { properties } = new (channelNode(channel))().description;
	const parameters: Record<string, unknown> = {};
	const fill = (key: string, value: unknown, found: readonly string[] | undefined) => {
		if (value === undefined) return;
		if (!found) throw new Error(`The form of ${channel.id} has no place for ${key}`);
		put(parameters, found, value);
	};
	const top = (name: string) =>
		[`${name}Json`, name].flatMap((each) => pathsTo(properties, each)).find((path) => path.length === 1);
	const inside = (collection: string, name: string) =>
		// Rows that come from elsewhere stand in a box of their own.
		[`${name}Json`, name]
			.flatMap((each) => pathsTo(properties, each))
			.find((path) => path.length > 1 && path[0] === collection);
	for (const [key, value] of Object.entries(onForm)) fill(key, value, top(key));
	for (const [key, value] of Object.entries(options)) fill(key, value, inside('options', key) ?? top(key));
	for (const [key, value] of Object.entries(more)) fill(key, value, inside('parts', key));
	return parameters;
}

/** Every place of that name among what `Send Message` shows: actions have fields of the same names. */
function pathsTo(properties: readonly INodeProperties[], name: string): string[][] {
	return properties
		.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes('send') ?? true)
		.flatMap((property) => [
			...(property.name === name ? [[name]] : []),
			...(property.type === 'collection'
				? pathsTo((property.options ?? []) as INodeProperties[], name).map((path) => [property.name, ...path])
				: []),
		]);
}

function put(target: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
	if (rest.length === 0) target[key!] = value;
	else put((target[key!] ??= {}) as Record<string, unknown>, rest, value);
}
