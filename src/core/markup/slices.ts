import type { Break } from './pieces';

/** What is parsed at once of a long text: a turn is over before anybody misses the event loop, whatever the text. Characters. */
export const mostAtOnce = 16 * 1024;

/** A text up to this is parsed whole, so that nothing in it is cut apart. */
export const mostWhole = 32 * 1024;

export interface Slice {
	/** Sound by itself: what the cut left open is closed, and opened again in the next one. */
	text: string;
	/** What stands between it and the slice before it. */
	before?: Break['kind'] | 'space';
}

/** Cuts a long text where that shows the least, and never reads further than it is asked to. */
export class Slices {
	private at = 0;
	/** Opens again what the last cut closed. */
	private carried = '';
	private before: Slice['before'];
	private readonly open: OpenMarkup | undefined;

	constructor(
		private readonly source: string,
		/** What a cut may leave open in it. */
		may?: 'fence' | 'tags',
	) {
		this.open = may === 'tags' ? new OpenTags() : may === 'fence' ? new OpenFence() : undefined;
	}

	/** Characters that are not in any slice yet. */
	get unread(): number {
		return this.source.length - this.at;
	}

	/** Where the next slice begins. */
	get offset(): number {
		return this.at;
	}

	next(size: number): Slice | undefined {
		const { source, at, before } = this;
		if (at >= source.length) return undefined;
		const cut = source.length - at <= size ? { at: source.length, next: source.length } : this.cutBefore(at + size);
		const given = source.slice(at, cut.at);
		const text = this.carried + given;
		let close = '';
		if (cut.next < source.length && this.open) ({ close, again: this.carried } = this.open.after(given));
		this.at = cut.next;
		this.before = cut.between;
		return { text: text + close, before };
	}

	/** The best place in the second half of a slice: a blank line, a line's end, a tag, a space, or any but the middle of a character. */
	private cutBefore(end: number): { at: number; next: number; between?: Slice['before'] } {
		const { source, at } = this;
		const from = at + Math.floor((end - at) / 2);
		const half = source.slice(from, end);
		const blank = half.lastIndexOf('\n\n');
		if (blank >= 0) return { at: from + blank + 1, next: from + blank + 2, between: 'gap' };
		const line = half.lastIndexOf('\n');
		if (line >= 0) return { at: from + line, next: from + line + 1, between: 'row' };
		if (this.open instanceof OpenTags) {
			const tag = half.lastIndexOf('<');
			if (tag >= 0) return { at: from + tag, next: from + tag };
		}
		const space = half.lastIndexOf(' ');
		if (space > 0) return { at: from + space, next: from + space + 1, between: 'space' };
		const code = source.charCodeAt(end);
		const whole = code >= 0xdc00 && code <= 0xdfff ? end - 1 : end;
		return { at: whole, next: whole };
	}
}

interface OpenMarkup {
	after(text: string): { close: string; again: string };
}

/** A fenced code block: its cut halves are two blocks of the same language. */
class OpenFence implements OpenMarkup {
	private opening = '';
	private fence = '';

	after(text: string): { close: string; again: string } {
		for (const opening of text.split('\n')) {
			const lead = /^[ \t>]*/.exec(opening)![0].length;
			const mark = opening[lead];
			if (mark !== '`' && mark !== '~') continue;
			let end = lead;
			while (opening[end] === mark) end++;
			if (end - lead < 3) continue;
			const fence = opening.slice(lead, end);
			const info = opening.slice(end);
			if (this.fence === '') {
				// Backticks behind backticks make it inline code.
				if (mark === '`' && info.includes('`')) continue;
				this.opening = opening;
				this.fence = fence;
			} else if (fence.startsWith(this.fence) && info.trim() === '') {
				this.fence = '';
			}
		}
		if (this.fence === '') return { close: '', again: '' };
		const lead = /^[ \t>]*/.exec(this.opening)![0];
		return { close: `\n${lead}${this.fence}\n`, again: `${this.opening.slice(0, 200)}\n` };
	}
}

const alone = new Set([
	'area',
	'base',
	'br',
	'col',
	'embed',
	'hr',
	'img',
	'input',
	'link',
	'meta',
	'source',
	'track',
	'wbr',
]);
/** Deeper ones are not opened again: no message needs them, and they would be repeated with every slice. */
const mostOpen = 16;

class OpenTags implements OpenMarkup {
	private readonly tags: { name: string; tag: string }[] = [];
	private comment = false;

	after(text: string): { close: string; again: string } {
		const { tags } = this;
		for (const [found, closes, name] of text.matchAll(/<!--|-->|<(\/?)([a-z][a-z0-9-]*)[^<>]{0,2000}>/gi)) {
			if (this.comment || found === '<!--') this.comment = found !== '-->';
			else if (name === undefined || alone.has(name.toLowerCase()) || found.endsWith('/>')) continue;
			else if (closes === '')
				tags.push({ name: name.toLowerCase(), tag: found.length > 300 ? `<${name}>` : found });
			else this.close(name.toLowerCase());
		}
		if (tags.length > 1000) tags.splice(mostOpen, tags.length - 1000);
		const open = tags.slice(0, mostOpen);
		const again = open.map(({ tag }) => tag).join('') + (this.comment ? '<!--' : '');
		const close = open.map(({ name }) => `</${name}>`).reverse();
		return { close: (this.comment ? '-->' : '') + close.join(''), again };
	}

	private close(name: string): void {
		const at = this.tags.findLastIndex((open) => open.name === name);
		if (at >= 0) this.tags.length = at;
	}
}
