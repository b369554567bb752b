/** What is used of Node-RED’s editor, of its jQuery and of the browser; none of them ships types that fit. */

export interface Query {
	readonly length: number;
	[index: number]: Element;
	find(selector: string): Query;
	closest(selector: string): Query;
	siblings(selector: string): Query;
	filter(selector: string): Query;
	first(): Query;
	children(selector?: string): Query;
	is(selector: string): boolean;
	val(): string | string[] | undefined;
	val(value: unknown): Query;
	attr(name: string): string | undefined;
	attr(name: string, value: string | ((index: number, now: string) => string)): Query;
	attr(attributes: Readonly<Record<string, string>>): Query;
	prop(name: string): unknown;
	prop(name: string, value: unknown): Query;
	data(name: string): unknown;
	text(): string;
	text(text: string): Query;
	html(html: string): Query;
	append(...content: unknown[]): Query;
	appendTo(place: Query | string): Query;
	insertAfter(place: Query): Query;
	after(content: Query): Query;
	wrap(html: string): Query;
	empty(): Query;
	remove(): Query;
	show(): Query;
	hide(): Query;
	toggle(shown: boolean): Query;
	addClass(name: string): Query;
	removeClass(name: string): Query;
	toggleClass(name: string, on?: boolean): Query;
	css(name: string, value: string): Query;
	css(styles: Readonly<Record<string, string>>): Query;
	on(events: string, run: (event: Happened) => unknown): Query;
	on(events: string, selector: string, run: (event: Happened) => unknown): Query;
	trigger(event: string): Query;
	each(run: (index: number, element: Element) => void): Query;
	toArray(): Element[];
	typedInput(options: object): Query;
	typedInput(what: 'type' | 'value'): string;
	typedInput(what: 'type' | 'value', value: string): Query;
	typedInput(what: 'types', types: readonly unknown[]): Query;
	editableList(options: object): Query;
	editableList(what: 'items'): Query;
	editableList(what: 'addItem', item: object): Query;
	editableList(what: 'empty'): Query;
}

export interface Element {
	readonly style: { display: string };
	readonly value: string;
	selected: boolean;
	readonly textContent: string | null;
}

export interface Happened {
	readonly target: unknown;
	readonly key?: string;
	preventDefault(): void;
	stopPropagation(): void;
}

export interface Answer {
	readonly status: number;
	readonly responseJSON?: unknown;
	done(run: (answer: never) => unknown): Answer;
	fail(run: (request: Answer) => unknown): Answer;
	always(run: () => unknown): Answer;
}

interface QueryMaker {
	(what?: unknown): Query;
	ajax(request: {
		url: string;
		method: string;
		contentType: string;
		headers: Readonly<Record<string, string>>;
		data: string;
	}): Answer;
	getJSON(url: string): Answer;
}

export interface Default {
	value: unknown;
	type?: string;
	required?: boolean;
	validate?: (this: EditorNode, value: unknown, opt?: object) => true | string;
}

/** What a set registered. */
export interface NodeDefinition {
	type: string;
	category: string;
	defaults: Record<string, Default>;
	credentials?: Record<string, { type: string; validate?: Default['validate'] }>;
	_(key: string): string;
	[more: string]: unknown;
}

/** A node as the editor keeps it. */
export interface EditorNode {
	id: string;
	type: string;
	name?: string;
	path?: string;
	/** Disabled. */
	d?: boolean;
	credentials?: Record<string, unknown>;
	users?: EditorNode[];
	_def: NodeDefinition;
	[property: string]: unknown;
}

interface Editor {
	_(key: string, options?: object): string;
	i18n: { lang(): string };
	settings: { httpNodeRoot?: string };
	events: {
		on(event: 'registry:node-type-added', run: (type: string) => void): void;
		on(event: 'nodes:add', run: (node: EditorNode) => void): void;
		on(event: 'deploy', run: () => void): void;
	};
	nodes: {
		node(id: unknown): EditorNode | undefined | null;
		eachNode(visit: (node: EditorNode) => void): void;
		eachConfig(visit: (node: EditorNode) => void): void;
		getType(type: string): NodeDefinition | undefined;
	};
	editor: {
		validateNode(node: EditorNode): void;
		editJSON(options: { value: string; complete: (value: string) => void }): void;
	};
	utils: { validateTypedProperty(value: string, type: string, options: object): true | string };
	clipboard: { copyText(text: string, beside: Query): void };
	actions: { add(name: string, run: () => void): void };
	sidebar: {
		addTab(tab: {
			id: string;
			/** On the tab, and where there is room. */
			label: string;
			name: string;
			iconClass: string;
			content: Query;
			/** Also while a form is open. */
			enableOnEdit: boolean;
			/** That shows it. */
			action: string;
			/** It is shown. */
			onchange(): void;
		}): void;
		show(id: string): void;
		config: { refresh(): void };
		help: { show(type: string): void };
	};
	view: {
		redraw(): void;
		reveal(id: string): void;
		importNodes(nodes: readonly object[], options: object): void;
	};
	workspaces: { show(id: string): void };
	/** `onselect`: an action's name. */
	menu: { addItem(menu: string, item: { id: string; label: string; onselect: string }): void };
	popover: { tooltip(target: Query, text: string): unknown };
}

interface Page {
	RED: Editor;
	$: QueryMaker;
	location: { origin: string };
	document: { createTextNode(text: string): unknown; head: { append(text: unknown): void } };
	setTimeout(run: () => void, ms: number): number;
	clearTimeout(timer: number): void;
}

/** Looked up when they are used: tests put in their own. */
const page = globalThis as unknown as Page;
export const { RED, $, document, location } = page;
export const later = (run: () => void, ms = 0): number => page.setTimeout(run, ms);
