import { sameMarks, type Align, type Block, type Doc, type Inline, type MarkName, type Marks } from '../tree';

/** Deeper nesting is flattened into the deepest level kept: no message needs it, and printers may recurse. */
const maxDepth = 12;

export type Container = 'quote' | 'list' | 'item' | 'table' | 'row';

interface Entry {
	kind: Container | 'root';
	blocks: Block[];
	depth: number;
	list?: Extract<Block, { type: 'list' }>;
	/** Of a list: the paragraph that it was broken by. */
	markers?: Inline[];
	table?: Extract<Block, { type: 'table' }>;
	row?: Inline[][];
}

/**
 * Puts a tree together from what parsers report in order: containers, leaves (paragraph, heading, cell), text.
 * Forgives what is missing: a container that was never closed, text outside a paragraph, a close without an open.
 */
export class Builder {
	readonly doc: Doc = [];
	private readonly stack: Entry[] = [{ kind: 'root', blocks: this.doc, depth: 0 }];
	private readonly open = new Map<Container, number>();
	private leaf?: { children: Inline[]; block?: Extract<Block, { type: 'paragraph' | 'heading' }>; cell?: true };
	private counts: Record<MarkName | 'code', number> = { strong: 0, em: 0, del: 0, underline: 0, spoiler: 0, code: 0 };
	private hrefs: (string | undefined)[] = [];
	private colors: (string | undefined)[] = [];
	private marks: Marks = {};
	private raised = false;
	/** White space here would be the second, or begin a line. */
	private spaced = true;

	private get top(): Entry {
		return this.stack[this.stack.length - 1] as Entry;
	}

	get depth(): number {
		return this.stack.length;
	}

	get inTable(): boolean {
		return (this.open.get('table') ?? 0) > 0;
	}

	get inCell(): boolean {
		return this.leaf?.cell === true;
	}

	enter(kind: Container, options: { ordered?: boolean; start?: number } = {}): void {
		this.endLeaf();
		// An item or row that was not closed ends where the next begins.
		if ((kind === 'item' || kind === 'row') && this.top.kind === kind) this.leave(kind);
		if (kind === 'item' && this.top.kind !== 'list') this.enter('list', {});
		if (kind === 'row' && this.top.kind !== 'table') this.enter('table', {});
		const { blocks, depth, list, table } = this.top;
		const entry: Entry = { kind, blocks, depth: depth + 1 };
		if (kind === 'table') {
			entry.table = emptyTable();
		} else if (kind === 'row') {
			entry.row = [];
			entry.table = table;
		} else if (depth >= maxDepth) {
			entry.depth = depth;
			entry.list = list;
		} else if (kind === 'list') {
			entry.list = { type: 'list', ordered: options.ordered === true, start: options.start ?? 1, items: [] };
		} else if (kind === 'item' && list) {
			if (list.items.length === 0) this.place(list, this.stack.length - 2);
			this.top.markers = undefined;
			entry.blocks = [];
			list.items.push(entry.blocks);
		} else if (kind === 'quote') {
			entry.blocks = [];
			this.place({ type: 'quote', children: entry.blocks });
		}
		this.stack.push(entry);
		this.open.set(kind, (this.open.get(kind) ?? 0) + 1);
	}

	/** An item that is nothing but its marker, as text between the items of the open list, which go on with `next`. */
	marker(text: string, next: number): void {
		const { top } = this;
		const { ordered = false } = top.list ?? {};
		const child: Inline = { type: 'text', text, marks: {} };
		if (top.markers) top.markers.push({ type: 'break' }, child);
		else this.place({ type: 'paragraph', children: (top.markers = [child]) });
		if (top.kind === 'list') top.list = { type: 'list', ordered, start: ordered ? next : 1, items: [] };
	}

	/** Closes the nearest open one of this kind with all that is in it. */
	leave(kind: Container): void {
		if (!this.open.get(kind)) return;
		this.endLeaf();
		let left: Entry;
		do left = this.pop();
		while (left.kind !== kind);
	}

	leaveTo(depth: number): void {
		this.endLeaf();
		while (this.stack.length > depth) this.pop();
	}

	private pop(): Entry {
		const entry = this.stack.pop() as Entry;
		this.open.set(entry.kind as Container, (this.open.get(entry.kind as Container) ?? 1) - 1);
		if (entry.kind === 'row') endRow(entry);
		if (entry.kind === 'table') this.placeTable(entry, this.stack.length - 1);
		return entry;
	}

	/** Where it stands. What stands in a table or list beside its cells or items parts it. */
	private place(block: Block, within = this.stack.length - 1): void {
		const entry = this.stack[within] as Entry;
		if (entry.kind === 'row') {
			endRow(entry);
			const table = this.stack[within - 1] as Entry;
			this.placeTable(table, within - 2);
			entry.row = [];
			entry.table = table.table = emptyTable();
		} else if (entry.kind === 'table') {
			this.placeTable(entry, within - 1);
			entry.table = emptyTable();
		} else if (entry.kind === 'list' && entry.list?.items.length) {
			const { ordered, start, items } = entry.list;
			entry.list = { type: 'list', ordered, start: ordered ? start + items.length : 1, items: [] };
		}
		entry.blocks.push(block);
	}

	/** Every row may be longer than the head. */
	private placeTable({ table }: Entry, within: number): void {
		if (!table || table.head.length === 0) return;
		const columns = table.rows.reduce((most, { length }) => Math.max(most, length), table.head.length);
		while (table.head.length < columns) table.head.push([]);
		this.place(table, within);
	}

	paragraph(): void {
		this.endLeaf();
		this.leaf = { children: [], block: { type: 'paragraph', children: [] } };
		this.spaced = true;
	}

	heading(level: number): void {
		this.endLeaf();
		this.leaf = { children: [], block: { type: 'heading', level, children: [] } };
		this.spaced = true;
	}

	cell(align?: Align): void {
		if (this.top.kind !== 'row') this.enter('row');
		this.endLeaf();
		const { row, table } = this.top;
		const children: Inline[] = [];
		if (table && row && table.head.length === 0) table.align[row.length] = align;
		row?.push(children);
		this.leaf = { children, cell: true };
		this.spaced = true;
	}

	endLeaf(): void {
		const { leaf } = this;
		if (!leaf) return;
		this.leaf = undefined;
		if (!leaf.block || leaf.children.length === 0) return;
		leaf.block.children = leaf.children;
		this.place(leaf.block);
	}

	block(block: Block): void {
		this.endLeaf();
		this.place(block);
	}

	/** Line breaks in it stay line breaks. */
	text(text: string): void {
		if (text === '') return;
		if (!text.includes('\n')) return this.run(text);
		text.split('\n').forEach((line, index) => {
			if (index > 0) this.break();
			if (line !== '') this.run(line);
		});
	}

	/** As HTML counts white space: any run of it is one space, none at the start of a line. */
	flowing(text: string): void {
		if (!this.leaf) this.spaced = true;
		const collapsed = text.replace(/[ \t\n\f\r]+/g, ' ');
		const rest = this.spaced && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed;
		if (rest === '') return;
		this.run(rest);
		this.spaced = rest.endsWith(' ');
	}

	/** A number that comes next is a power. */
	raise(begins: boolean): void {
		this.raised = begins;
	}

	private run(given: string): void {
		const text = this.raised && /^[-+\u2212]?\d/.test(given) ? `^${given}` : given;
		this.raised = false;
		const { children } = this.target();
		const last = children.at(-1);
		if (last?.type === 'text' && sameMarks(last.marks, this.marks)) last.text += text;
		else children.push({ type: 'text', text, marks: this.marks });
		this.spaced = false;
	}

	code(text: string): void {
		this.mark('code', 1);
		this.run(text);
		this.mark('code', -1);
	}

	break(): void {
		this.target().children.push({ type: 'break' });
		this.spaced = true;
	}

	image(src: string, alt: string): void {
		this.target().children.push({ type: 'image', src, alt, ...(this.marks.href && { href: this.marks.href }) });
		this.spaced = false;
	}

	private target(): { children: Inline[] } {
		if (!this.leaf) this.paragraph();
		return this.leaf as { children: Inline[] };
	}

	mark(name: MarkName | 'code', by: 1 | -1): void {
		this.counts[name] = Math.max(0, this.counts[name] + by);
		this.remark();
	}

	/** `''`: an address that must not be followed. */
	link(href: string | undefined): void {
		this.hrefs.push(href);
		this.remark();
	}

	endLink(): void {
		this.hrefs.pop();
		this.remark();
	}

	color(color: string | undefined): void {
		this.colors.push(color?.trim().toLowerCase() || this.colors.at(-1));
		this.remark();
	}

	endColor(): void {
		this.colors.pop();
		this.remark();
	}

	/** What a paragraph left open ends with it. */
	clearMarks(): void {
		this.counts = { strong: 0, em: 0, del: 0, underline: 0, spoiler: 0, code: 0 };
		this.hrefs = [];
		this.colors = [];
		this.marks = {};
	}

	private remark(): void {
		const { strong, em, del, underline, spoiler, code } = this.counts;
		const href = this.hrefs.at(-1);
		const color = this.colors.at(-1);
		this.marks = {
			...(strong && { strong: true }),
			...(em && { em: true }),
			...(del && { del: true }),
			...(underline && { underline: true }),
			...(spoiler && { spoiler: true }),
			...(code && { code: true }),
			...(href !== undefined && { href }),
			...(color && { color }),
		};
	}
}

type Table = Extract<Block, { type: 'table' }>;

const emptyTable = (): Table => ({ type: 'table', align: [], head: [], rows: [] });

function endRow({ row, table }: Entry): void {
	if (!row?.length || !table) return;
	if (table.head.length === 0) table.head = row;
	else table.rows.push(row);
}

/** Schemes that run something or reach into the reader's machine are not links, nor are those that ring somebody. */
export function safeHref(href: string): string | undefined {
	// Browsers skip white space and control characters inside a scheme.
	const bare = href.replace(/[\u0000-\u0020\u007f]+/g, '').toLowerCase();
	if (bare === '' || /^(?:javascript|vbscript|data|file|blob):|^tg:\/*user\b/.test(bare)) return undefined;
	return href.trim();
}
