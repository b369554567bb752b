import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { isShown, type Field, type Fields } from '../../core/base/field';
import { collected } from '../../core/base/rows';
import { within as inRows } from './names';
import { asJson } from './rows';

interface Place {
	/** The parameter's name, of a field's key. */
	name?(key: string): string;
	/** More conditions that hold for all of them. */
	show?: IDisplayOptions['show'];
	/** Within an n8n collection a parameter that was not added has no value at all, not its default; a row has all of them. */
	within?: 'collection' | 'row';
	/** Texts are no expressions: templates have `{{ … }}` of their own, which n8n's editor takes for its own as it is typed. */
	literal?: boolean;
	/** Rows may come from upstream as a list: beside them stands a parameter for it. */
	fromUpstream?: boolean;
	/** The method that lists what a field picks from; without one it is typed. */
	listedBy?(key: string): string;
}

/** n8n's properties for fields, built afresh at each call: n8n changes the ones it gets. */
export function properties(fields: Fields, place: Place = {}): INodeProperties[] {
	return Object.entries(fields).flatMap(([key, field]) => {
		const own = property(fields, key, field, place);
		return [
			own,
			...(field.kind === 'rows' && place.fromUpstream ? [asJson(field, own)] : []),
			...(place.within === undefined ? notices(field, own) : []),
		];
	});
}

/** What is to be known of the value that is chosen. Within a collection they would have to be added like values: there the list says it alone. */
const notices = ({ catches = {} }: Field, { name, displayOptions }: INodeProperties): INodeProperties[] =>
	Object.entries(catches).map(([value, { en }]) => ({
		displayName: en,
		name: `${name}${value.charAt(0).toUpperCase()}${value.slice(1).replace(/\W|_/g, '')}Notice`,
		type: 'notice',
		default: '',
		displayOptions: { ...displayOptions, show: { ...displayOptions?.show, [name]: [value] } },
	}));

function property(fields: Fields, key: string, field: Field, place: Place): INodeProperties {
	const { name = (own) => own, within } = place;
	const listedBy = field.kind === 'pick' ? place.listedBy?.(name(key)) : undefined;
	const inRow: Place = {
		within: 'row',
		listedBy: place.listedBy && ((inner) => place.listedBy!(inRows(name(key))(inner))),
	};
	const kind = listedBy ? located(field, listedBy) : kinds[field.kind](field, inRow);
	const isRequired = isNeededWhereShown(field) && within !== 'collection' && field.kind !== 'rows';
	const displayOptions = conditions(fields, key, place);
	const description = describe(field);
	return {
		displayName: field.label.en,
		name: name(key),
		...kind,
		default:
			field.default !== undefined
				? listedBy
					? { ...(kind.default as object), value: field.default as string }
					: stored(field)
				: within === 'collection' && field.kind === 'choice'
					? firstOf(field)
					: kind.default,
		...(within !== 'collection' &&
			field.kind === 'choice' &&
			field.optional &&
			field.default === undefined && { options: [none(), ...optionsOf(field)] }),
		...(isRequired && { required: true }),
		...(place.literal && (field.kind === 'text' || field.kind === 'multiline') && { noDataExpression: true }),
		...(field.placeholder && !listedBy && { placeholder: beginningOf(field.placeholder) }),
		...(description && { description }),
		...(displayOptions && { displayOptions }),
	};
}

/** Must be filled in by hand, always. */
export const isNeeded = (field: Field) => isNeededWhereShown(field) && !field.show;

const isNeededWhereShown = (field: Field) =>
	!field.optional && field.default === undefined && field.kind !== 'toggle' && field.kind !== 'choices';

/** Whether nodes cannot do without an account: one that is left as it is lacks something. */
export const needsAccount = (fields: Fields) =>
	Object.entries(fields).some(([key, field]) => isNeededWhereShown(field) && isShown(fields, key, {}));

/** A box shows no more of an example. */
const mostShown = 90;
const beginningOf = (example: string) =>
	example.length > mostShown ? `${example.slice(0, mostShown - 2)} …` : example;

type Kind = Pick<INodeProperties, 'type' | 'default' | 'typeOptions' | 'options' | 'modes' | 'placeholder'>;

const masked = (field: Field) => (field.secret ? { password: true } : {});

const kinds: Record<Field['kind'], (field: Field, inRow: Place) => Kind> = {
	text: (field) => ({ type: 'string', default: '', typeOptions: masked(field) }),
	multiline: (field) => ({ type: 'string', default: '', typeOptions: field.secret ? masked(field) : { rows: 4 } }),
	secret: (field) => ({ type: 'string', default: '', typeOptions: masked(field) }),
	secrets: (field) => ({ type: 'string', default: '', typeOptions: masked(field) }),
	url: (field) => ({ type: 'string', default: '', typeOptions: masked(field) }),
	list: (field) => ({ type: 'string', default: '', typeOptions: masked(field) }),
	// '' instead of 0: nothing filled in is not zero.
	number: ({ min, max, integer }) => ({
		type: 'number',
		default: '',
		typeOptions: {
			...(min !== undefined && { minValue: min }),
			...(max !== undefined && { maxValue: max }),
			...(integer && { numberPrecision: 0 }),
		},
	}),
	toggle: () => ({ type: 'boolean', default: false }),
	choice: (field) => ({ type: 'options', default: '', options: optionsOf(field) }),
	choices: (field) => ({ type: 'multiOptions', default: [], options: optionsOf(field) }),
	// n8n masks no JSON editor: JSON that may hold a secret is one masked line.
	json: (field) =>
		field.secret
			? { type: 'string', default: '', typeOptions: masked(field) }
			: { type: 'json', default: '', typeOptions: { rows: 4 } },
	rows: ({ label, row = label, fields = {} }, inRow) => ({
		type: 'fixedCollection',
		default: {},
		placeholder: `Add ${row.en}`,
		typeOptions: { multipleValues: true, sortable: true },
		options: [{ name: collected, displayName: row.en, values: properties(fields, inRow) }],
	}),
	pick: () => ({ type: 'string', default: '' }),
};

/** Chosen from the service's own list, or typed. */
const located = ({ byHand, placeholder }: Field, searchListMethod: string): Kind => ({
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose …',
			typeOptions: { searchListMethod, searchable: true },
		},
		{
			displayName: byHand?.en ?? 'By ID',
			name: 'id',
			type: 'string',
			...(placeholder && { placeholder }),
		},
	],
});

const none = (): INodePropertyOptions => ({ name: 'None', value: '' });

const optionsOf = (field: Field): INodePropertyOptions[] =>
	Object.entries(field.options ?? {}).map(([value, { en }]) => {
		const description = field.catches?.[value]?.en;
		return { name: en, value, ...(description && { description }) };
	});

const firstOf = (field: Field) => Object.keys(field.options ?? {})[0] ?? '';

function stored({ kind, default: value }: Field): INodeProperties['default'] {
	if ((kind === 'list' || kind === 'secrets') && Array.isArray(value)) return value.join(', ');
	return structuredClone(value) as INodeProperties['default'];
}

function describe({ kind, help, several: isSeveral }: Field): string | undefined {
	const several = kind === 'list' || kind === 'secrets' || isSeveral ? 'Separate several with commas' : undefined;
	if (!help) return several;
	return several && !/comma/i.test(help.en) ? `${help.en}. ${several}` : help.en;
}

/** A field is hidden with the sibling that it hangs on; of several conditions on one sibling all must hold. */
function shownBy(fields: Fields, key: string): Map<string, readonly (string | boolean)[]> {
	const all = new Map<string, readonly (string | boolean)[]>();
	for (const [sibling, values] of Object.entries(fields[key]?.show ?? {})) {
		for (const [other, allowed] of [
			[sibling, values] as const,
			...(sibling === key ? [] : shownBy(fields, sibling)),
		]) {
			const before = all.get(other);
			all.set(other, before ? before.filter((value) => allowed.includes(value)) : allowed);
		}
	}
	return all;
}

function conditions(
	fields: Fields,
	key: string,
	{ name = (own) => own, show, within }: Place,
): IDisplayOptions | undefined {
	const shows: NonNullable<IDisplayOptions['show']> = { ...show };
	const hides: NonNullable<IDisplayOptions['hide']> = {};
	for (const [sibling, values] of shownBy(fields, key)) {
		const field = fields[sibling];
		// Where the absent sibling would do, say instead which of its values would not.
		if (within === 'collection' && field && values.includes(field.default as string | boolean))
			hides[name(sibling)] = valuesOf(field).filter((value) => !values.includes(value));
		else shows[name(sibling)] = [...values];
	}
	if (!Object.keys(shows).length && !Object.keys(hides).length) return undefined;
	return { ...(Object.keys(shows).length && { show: shows }), ...(Object.keys(hides).length && { hide: hides }) };
}

const valuesOf = (field: Field): (string | boolean)[] =>
	field.kind === 'toggle' ? [true, false] : Object.keys(field.options ?? {});
