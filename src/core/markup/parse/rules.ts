import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import { beginsPage, isTextInMarkdown } from './tags';
import { verbatimIn, type Stretches, type Verbatim } from './verbatim';

type BlockRule = (state: StateBlock, startLine: number, endLine: number, silent: boolean) => boolean;
type InlineRule = (state: StateInline, silent: boolean) => boolean;

interface Definition {
	href: string;
	title: string;
}

const isPlace =
	/^(?:[a-z][a-z0-9+.-]*:\/\/|(?:mailto|tel|magnet|data|javascript):|[/#.?]|www\.)|\/|\.(?:md|html?|pdf|txt|png|jpe?g|gif|svg|webp)(?:[?#]|$)/i;

/** What one parse finds out, and another is told. */
export class Env {
	/** In the order in which they stand; without a label where another had it first. */
	readonly definitions: { label?: string; line: number }[] = [];
	readonly used = new Set<string>();
	[more: string | symbol]: unknown;
	/** As markdown-it keeps them, watched. */
	readonly references: Record<string, Definition>;
	/** Where the last comment in the source ends. */
	readonly comments: number;
	private defining?: 'here' | 'ahead';
	private defined?: string;

	/** `refused`: lines that would be definitions, were their labels used. */
	constructor(
		source: string,
		readonly refused: ReadonlySet<number> = new Set(),
	) {
		this.comments = source.lastIndexOf('-->');
		this.references = new Proxy(Object.create(null) as Record<string, Definition>, {
			get: (known, label: string) => {
				if (!this.defining && label in known) this.used.add(label);
				return known[label] as Definition;
			},
			set: (known, label: string, value: Definition) => {
				// `[db]: down` says how it is, and leads nowhere.
				if (!isPlace.test(value.href)) return true;
				this.defined = label;
				if (this.defining === 'here') known[label] = value;
				return true;
			},
		});
	}

	/** Reads a definition, `ahead` only to see where it ends. */
	define(where: 'here' | 'ahead', line: number, rule: () => boolean): boolean {
		this.defining = where;
		this.defined = undefined;
		const isOne = rule();
		this.defining = undefined;
		if (isOne && where === 'here') this.definitions.push({ label: this.defined, line });
		return isOne;
	}

	/** The lines of definitions whose labels nobody used. */
	get unused(): ReadonlySet<number> {
		const unused = this.definitions.filter(({ label }) => label === undefined || !this.used.has(label));
		return new Set(unused.map(({ line }) => line));
	}
}

/** Makes markdown-it leave alone what people and machines write without thinking of Markdown. */
export function lenient(md: MarkdownIt): void {
	changeBlock(
		md,
		'list',
		(list) =>
			(...args) =>
				!isDate(lineOf(args[0], args[1])) && !isEveryMinute(lineOf(args[0], args[1])) && list(...args),
	);
	changeBlock(
		md,
		'hr',
		(rule) =>
			(...args) =>
				!isEveryMinute(lineOf(args[0], args[1])) && rule(...args),
	);
	changeBlock(
		md,
		'html_block',
		(block) =>
			(...args) =>
				!isTextLine(args[0], args[1]) && block(...args),
	);
	changeBlock(
		md,
		'blockquote',
		(quote) =>
			(...args) =>
				!lineOf(args[0], args[1]).startsWith('>=') && quote(...args),
	);
	changeBlock(md, 'reference', definitions);
	changeBlock(md, 'table', (table) => (state, startLine, endLine, silent) => {
		const first = state.tokens.length;
		if (!table(state, startLine, endLine, silent)) return false;
		if (!silent) addCells(state, first);
		return true;
	});
	const unlessIn =
		(keeps: keyof Verbatim) =>
		(rule: InlineRule): InlineRule =>
		(state, silent) =>
			!isVerbatim(state, keeps) && rule(state, silent);
	changeInline(md, 'emphasis', unlessIn('stars'));
	changeInline(md, 'strikethrough', unlessIn('stars'));
	changeInline(md, 'escape', unlessIn('backslashes'));
	md.inline.ruler.before('autolink', 'slack_link', slackLink);
	// An address in angle brackets is shown as it was given, not decoded: it stays one address, and its own label.
	md.normalizeLinkText = (address) => address;
	// What runs something is dropped and named further on; the reader's own files and `a[0]("b")` stay text.
	md.validateLink = (href) => !/^(?:file:|blob:|["']|%22|%27)/i.test(href.trim());
}

interface Rules<R> {
	__rules__: { name: string; fn: R; alt: string[] }[];
	at(name: string, rule: R, options?: { alt: string[] }): void;
}

function change<R>(ruler: Rules<R>, name: string, wrap: (rule: R) => R): void {
	const { fn, alt } = ruler.__rules__.find((rule) => rule.name === name)!;
	ruler.at(name, wrap(fn), { alt });
}

const changeBlock = (md: MarkdownIt, name: string, wrap: (rule: BlockRule) => BlockRule) =>
	change(md.block.ruler as unknown as Rules<BlockRule>, name, wrap);
const changeInline = (md: MarkdownIt, name: string, wrap: (rule: InlineRule) => InlineRule) =>
	change(md.inline.ruler as unknown as Rules<InlineRule>, name, wrap);

const lineOf = (state: StateBlock, line: number): string =>
	state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);

/** `2026. 11. 27.` and `* * * * * /usr/bin/backup` are no lists in lists. */
const isDate = (line: string): boolean =>
	/^\d{1,9}[.)][ \t]+\d{1,9}[.)](?:\s|$)/.test(line) || /^([-+*])(?: \1){2,}[ \t]+[^\s\-+*]/.test(line);

/** A schedule of cron’s; who draws a line draws it with three. */
const isEveryMinute = (line: string): boolean => /^\*(?: \*){4}$/.test(line.trimEnd());

/** Whether a line that begins with `<` is text, and no HTML whose block goes on to the next empty line. */
function isTextLine(state: StateBlock, line: number): boolean {
	const text = lineOf(state, line);
	if (text.startsWith('<!--')) return (state.env as Env).comments < (state.bMarks[line] ?? 0);
	if (/^<(?:!\[|\?)/.test(text)) return true;
	if (text.startsWith('<!'))
		return !beginsPage.test(state.src.slice(state.bMarks[line], (state.bMarks[line] ?? 0) + 500));
	const [, slash, name = ''] = /^<(\/?)([a-z][\w:-]*)/i.exec(text) ?? [];
	if (name === '') return false;
	// Whether its other half is there shows only later: here a block's element may be alone.
	return isTextInMarkdown({ name: name.toLowerCase(), closes: slash === '/', raw: text, paired: true });
}

/**
 * A definition whose label nobody uses is what somebody wrote: `[web]: down`. A run of them is a paragraph by itself
 * only before one that counts; else what follows goes on in its paragraph.
 */
const definitions =
	(reference: BlockRule): BlockRule =>
	(state, startLine, endLine, silent) => {
		const env = state.env as Env;
		const endAt = (line: number): number | undefined => {
			const before = state.line;
			const isOne = env.define('ahead', line, () => reference(state, line, endLine, false));
			const end = state.line;
			state.line = before;
			return isOne ? end : undefined;
		};
		let line = startLine;
		while (line < endLine && env.refused.has(line)) {
			const end = endAt(line);
			if (end === undefined) return false;
			line = end;
		}
		if (line === startLine) return env.define('here', line, () => reference(state, startLine, endLine, silent));
		if (line >= endLine || endAt(line) === undefined) return false;
		state.push('paragraph_open', 'p', 1).map = [startLine, line];
		const inline = state.push('inline', '', 0);
		inline.content = state.getLines(startLine, line, state.blkIndent, false).trim();
		inline.map = [startLine, line];
		inline.children = [];
		state.push('paragraph_close', 'p', -1);
		state.line = line;
		return true;
	};

/** Cells beyond those of the head, which markdown-it leaves out. */
function addCells(state: StateBlock, first: number): void {
	const tokens = state.tokens.slice(first);
	const columns = tokens.filter(({ type }) => type === 'th_open').length;
	const out: typeof tokens = [];
	let inBody = false;
	let surplus: string[] = [];
	for (const token of tokens) {
		if (token.type === 'tbody_open') inBody = true;
		if (inBody && token.type === 'tr_open' && token.map)
			surplus = cellsOf(lineOf(state, token.map[0])).slice(columns);
		if (token.type === 'tr_close') {
			for (const cell of surplus) {
				const [open, inline, close] = [
					new state.Token('td_open', 'td', 1),
					new state.Token('inline', '', 0),
					new state.Token('td_close', 'td', -1),
				];
				inline.content = cell.trim();
				inline.children = [];
				inline.block = true;
				out.push(open, inline, close);
			}
			surplus = [];
		}
		out.push(token);
	}
	if (out.length === tokens.length) return;
	state.tokens.length = first;
	for (const token of out) state.tokens.push(token);
}

/** A row's cells, without the bars at its ends. */
function cellsOf(line: string): string[] {
	const cells = line
		.trim()
		.split(/(?<!\\)\|/)
		.map((cell) => cell.replaceAll('\\|', '|'));
	if (cells[0] === '') cells.shift();
	if (cells.at(-1) === '') cells.pop();
	return cells;
}

const found = new WeakMap<StateInline, { src: string; verbatim: Verbatim }>();

function isVerbatim(state: StateInline, keeps: keyof Verbatim): boolean {
	let own = found.get(state);
	if (own?.src !== state.src) found.set(state, (own = { src: state.src, verbatim: verbatimIn(state.src) }));
	return isWithin(own.verbatim[keeps], state.pos);
}

function isWithin(stretches: Stretches, place: number): boolean {
	let low = 0;
	for (let high = stretches.length; low < high;) {
		const middle = (low + high) >> 1;
		if (stretches[middle]![0] <= place) low = middle + 1;
		else high = middle;
	}
	return low > 0 && stretches[low - 1]![1] > place;
}

/** As Slack writes links (`<https://e.com|Name>`), and mentions, which are text here. */
const labelledLink = /<((?:https?|ftp|mailto|tel):[^\s<>|]{1,4000})\|([^<>\n]{0,4000})>/iy;
const mention = /<[!@#][A-Za-z][^<>\s]{0,200}>/y;

const slackLink: InlineRule = (state, silent) => {
	if (state.src[state.pos] !== '<') return false;
	labelledLink.lastIndex = mention.lastIndex = state.pos;
	const [mentioned] = mention.exec(state.src) ?? [];
	const [link, given = '', label = ''] = labelledLink.exec(state.src) ?? [];
	const raw = mentioned ?? link;
	if (!raw || state.pos + raw.length > state.posMax) return false;
	if (!silent) {
		if (mentioned) state.pending += raw;
		else {
			state.push('link_open', 'a', 1).attrs = [['href', state.md.normalizeLink(given)]];
			state.push('text', '', 0).content = label.trim() || given;
			state.push('link_close', 'a', -1);
		}
	}
	state.pos += raw.length;
	return true;
};
