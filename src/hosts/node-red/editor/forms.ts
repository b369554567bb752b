import type { Facts, Form, Group, Section, SetOfForms, Shared } from '../form';
import type { EditorNode } from './host';
import { textsAt, textsOf } from './texts';

/** One field as the form and its validators use it. */
export interface FormField extends Facts {
	kind: NonNullable<Facts['kind']>;
	name: string;
	section: Section;
	operation: string;
	/** May also come from the message, a context, the environment or an expression. */
	typed: boolean;
	/** What it says something of: the message, or how it is sent. */
	part: 'message' | 'more' | 'option';
}

export interface KnownForm extends Omit<Form, 'sections' | 'typed'> {
	type: string;
	isAccount: boolean;
	fields: Readonly<Record<string, FormField>>;
}

const send = 'send';
const known = new Map<string, KnownForm>();
let facts: Shared['facts'] = {};
let events: Shared['events'] = { media: {}, chat: {} };
export const partsOf = (tells: 'media' | 'chat') => Object.entries(events[tells]);

export function share(shared: Shared): void {
	facts = shared.facts;
	events = shared.events;
	textsAt(shared.texts);
}

/** Takes the forms of a set. @returns their types */
export function take({ set, forms }: SetOfForms): string[] {
	const types = Object.keys(forms);
	textsOf(types, set);
	for (const type of types) known.set(type, read(type, forms[type]!));
	return types;
}

function read(type: string, { sections, operations = {}, typed, ...form }: Form): KnownForm {
	const isTyped = (name: string) => (Array.isArray(typed) ? typed.includes(name) : typed === true);
	const fieldsOf = (group: Group, section: Section, operation: string) =>
		Object.entries(group).map(([name, given]): [string, FormField] => {
			const own = given === 1 ? facts[name]! : given;
			const part =
				operation !== send || typed !== true
					? 'option'
					: section === 'details'
						? name === 'format'
							? 'message'
							: 'more'
						: name === 'title' || name === 'message'
							? 'message'
							: 'option';
			return [
				name,
				{
					...{ kind: 'text' as const, ...own, name, section, operation, part },
					typed: isTyped(name) && own.secret !== true,
				},
			];
		});
	const fields = [
		...Object.entries(sections).flatMap(([section, group]) => fieldsOf(group, section as Section, send)),
		...Object.entries(operations).flatMap(([operation, group]) => fieldsOf(group, 'main', operation)),
	];
	return { ...form, type, operations, isAccount: type.endsWith('-account'), fields: Object.fromEntries(fields) };
}

export const formOf = (type: string): KnownForm | undefined => known.get(type);
export const knownForms = (): Iterable<KnownForm> => known.values();

/** By property name. */
export const fieldsOf = (node: EditorNode): KnownForm['fields'] => known.get(node.type)?.fields ?? {};
