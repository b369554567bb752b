import { invalid, type ChannelError } from '../../core/base/errors';
import { literal, type Property } from './properties';
import type { Config, Msg, Node, Red } from './red';

/** Of types whose values stand for themselves: `read` in core takes them as they are. A list may be written as JSON. */
const isLiteral = (type: string, { field }: Property) =>
	type === literal(field) || ['str', 'num', 'bool', 'choice', 'choices'].includes(type);

/**
 * What a node's properties say for this message, by property name. A picture, a button and the like that cannot be
 * evaluated is left out, and `leftOut` is told: it costs no text.
 * @throws ChannelError `Invalid(field)` where an expression cannot be evaluated
 */
export async function evaluate(
	RED: Red,
	node: Node,
	config: Config,
	properties: readonly Property[],
	msg: Msg,
	leftOut: (why: ChannelError) => void,
): Promise<Record<string, unknown>> {
	const values: Record<string, unknown> = {};
	for (const property of properties) {
		const { name, key, field } = property;
		const value = property.credential
			? node.credentials?.[name]
			: name in config
				? config[name]
				: property.initial.value;
		const type = typeOf(config, property);
		// Waits only where something is to be waited for: messages keep their order.
		values[name] =
			!property.typed || value === '' || isLiteral(type, property)
				? value
				: await evaluateOne(RED, node, msg, key, field.label, type, value).catch((error: ChannelError) => {
						if (property.part !== 'more') throw error;
						leftOut(error);
						return undefined;
					});
	}
	return values;
}

/** A flow written by hand may leave the type out. */
export function typeOf(config: Config, { name, field, initial, typed }: Property): string {
	if (!typed) return literal(field);
	const given = config[`${name}_type`];
	if (typeof given === 'string' && given !== '') return given;
	return name in config ? literal(field) : (initial.type ?? literal(field));
}

function evaluateOne(
	RED: Red,
	node: Node,
	msg: Msg,
	key: string,
	label: { en: string; zh: string },
	type: string,
	value: unknown,
): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const fail = (error: unknown) => {
			const why = wordsOf(error);
			reject(
				invalid(key, {
					en: `“${label.en}” cannot be evaluated: ${why}`,
					zh: `“${label.zh}”无法求值：${why}`,
				}),
			);
		};
		try {
			RED.util.evaluateNodeProperty(value, type, node, msg, (error, result) =>
				error ? fail(error) : resolve(result),
			);
		} catch (error) {
			fail(error);
		}
	});
}

/** Flows throw whatever they like, and things that cannot even be looked at. */
export function wordsOf(thrown: unknown): string {
	try {
		return String((thrown as { message?: unknown } | undefined)?.message ?? thrown);
	} catch {
		return '?';
	}
}
