import type { Context, Liquid, Template } from 'liquidjs';
import { invalid } from '../base/errors';
import { escapeMarkdown } from '../markup';
import { faultOf } from './templateFault';

export interface TemplateOptions {
	/** `markdown` (default): what a template puts in is escaped, `| raw` lets Markdown through. `text`: nothing is. */
	output?: 'markdown' | 'text';
	/** IANA name, for the `date` filter; the machine's own by default. */
	timeZone?: string;
	/** The field that the template stands in, for the error. */
	field?: string;
}

/**
 * Fills a Liquid template (`{{ event.item.title }}`, `{% if … %}`) with values. It reads no file and calls nothing, sees own
 * properties alone, and ends in an `Invalid` when it takes too many steps or grows past its bounds.
 */
export function renderTemplate(
	source: string,
	values: Readonly<Record<string, unknown>>,
	options: TemplateOptions = {},
): string {
	try {
		const { engine, template } = compiled(source, options);
		return (engine.renderSync(template, scopeOf(engine, values)) as string).slice(0, maxOutput);
	} catch (error) {
		const why = faultOf(error as Error);
		throw invalid(options.field ?? 'template', {
			en: `The template cannot be used: ${why.en}.`,
			zh: `模板无法使用：${why.zh}。`,
		});
	}
}

/** Throws an `Invalid` where the template has a mistake in it. */
export function checkTemplate(source: string, field?: string): void {
	renderTemplate(source, {}, { field });
}

/** What a template takes from outside, as paths; none of one that cannot be read. */
export function namesIn(source: string): (string | number)[][] {
	try {
		const { engine, template } = compiled(source, {});
		const paths = engine.globalVariableSegmentsSync(template) as unknown[][];
		// A name that is itself looked up is known when it is filled.
		return paths.map((path) => {
			const end = path.findIndex((name) => typeof name === 'object');
			return (end < 0 ? path : path.slice(0, end)) as (string | number)[];
		});
	} catch {
		return [];
	}
}

export const isTemplate = (source: string) => source.includes('{{') || source.includes('{%');

const maxOutput = 1_000_000;

/** Tags, outputs and rounds of loops; some tenths of a second, on whatever machine. */
const mostSteps = 100_000;

/** The library bounds a template by the clock, which on a busy machine fails an innocent one: steps are counted in its place. */
function scopeOf(engine: Liquid, values: object): Context {
	const { Context } = require('liquidjs') as typeof import('liquidjs');
	let steps = 0;
	const check = () => {
		if (++steps > mostSteps) throw new Error('template render limit exceeded');
	};
	const renderLimit = { check, use: check } as unknown as Context['renderLimit'];
	return new Context(values, engine.options, { sync: true }, { renderLimit });
}

const engines = new Map<string, Liquid>();
const templates = new Map<string, { engine: Liquid; template: Template[] }>();

/** Parsing costs more than filling, and a node fills the same few templates again and again. */
function compiled(source: string, { output = 'markdown', timeZone = '' }: TemplateOptions) {
	const key = `${output} ${timeZone} ${source}`;
	const known = templates.get(key);
	if (known) return known;
	const engine = engineFor(output, timeZone);
	const made = { engine, template: engine.parse(source) };
	if (templates.size >= 200) templates.delete(templates.keys().next().value as string);
	templates.set(key, made);
	return made;
}

function engineFor(output: 'markdown' | 'text', timeZone: string): Liquid {
	const key = `${output} ${timeZone}`;
	let engine = engines.get(key);
	if (!engine) {
		const { Liquid } = require('liquidjs') as typeof import('liquidjs');
		engine = new Liquid({
			// In place of files: `{% include %}` and its like find nothing.
			templates: {},
			ownPropertyOnly: true,
			strictFilters: true,
			parseLimit: 100_000,
			memoryLimit: 2_000_000,
			...(timeZone && { timezoneOffset: timeZone }),
			outputEscape: (value: unknown) => (output === 'markdown' ? escapeMarkdown(asText(value)) : asText(value)),
		});
		engines.set(key, engine);
	}
	return engine;
}

function asText(value: unknown): string {
	if (value === undefined || value === null || value instanceof Uint8Array) return '';
	if (Array.isArray(value)) return value.map(asText).join(', ');
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
