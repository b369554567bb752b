import { definitions } from '../../scripts/definitions';
import type { Channel, Renders } from '../../src/core/define/channel';
import type { Fields } from '../../src/core/base/field';

export const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' ? [{ id, channel: definition as Channel }] : [],
);

/** Of each choice that makes another message of it: every value. */
export const forms = ({ options }: Channel): Record<string, string>[] => [
	{},
	...Object.entries(options)
		.filter(
			([key, { kind }]) =>
				kind === 'choice' && /^(kind|cardVersion|content|contentType|format|bodyType|textForm)$/.test(key),
		)
		.flatMap(([key, { options: values }]) => Object.keys(values ?? {}).map((value) => ({ [key]: value }))),
];

/** What a form is worth that nobody has filled in, required fields and all. */
const blank = (fields: Fields, chosen: Record<string, string>) =>
	Object.assign(
		Object.fromEntries(
			Object.entries(fields).map(([key, { default: value, kind }]) => [
				key,
				value ?? (/^(list|secrets|choices)$/.test(kind) ? [] : kind === 'number' ? undefined : ''),
			]),
		),
		chosen,
	);

export const rendersOf = (channel: Channel, form: Record<string, string>): Renders =>
	channel.renders({
		options: blank(channel.options, form) as never,
		account: { ...blank(channel.account, {}), language: 'en' } as never,
		message: { body: '' },
	});

export interface Renderer {
	id: string;
	form: string;
	renders: Renders;
}

/** Every distinct way in which some channel shows text. */
export function renderers(): Renderer[] {
	const found = new Map<string, Renderer>();
	for (const { id, channel } of channels) {
		for (const form of forms(channel)) {
			const renders = rendersOf(channel, form);
			const { markup, limit, captionLimit, single } = renders;
			const key = JSON.stringify([markup, limit, limit.weigh?.name, captionLimit, single]);
			if (!found.has(key)) found.set(key, { id, form: Object.values(form).join(), renders });
		}
	}
	return [...found.values()];
}
