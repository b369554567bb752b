import type { TokenizerCallbacks } from 'htmlparser2';

/** The elements that HTML has, or had while its mails were written. */
const known = new Set(
	(
		'a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br ' +
		'button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed ' +
		'fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe ' +
		'img input ins kbd keygen label legend li link main map mark marquee math menu meta meter nav nobr noframes ' +
		'noscript object ol optgroup option output p param picture plaintext pre progress q rp rt ruby s samp script ' +
		'search section select slot small source spacer span strike strong style sub summary sup svg table tbody td ' +
		'template textarea tfoot th thead time title tr track tt u ul var video wbr xmp'
	).split(' '),
);
// Telegram's own.
known.add('tg-spoiler').add('tg-emoji');

/** What is in them is for no reader. Where a sentence names one, the name is what it says. */
export const unread: ReadonlySet<string> = new Set(['script', 'style', 'title', 'template']);

/** They stand alone and still show something. */
const alone = new Set(['br', 'hr', 'wbr']);

/** Nobody needs to close them. */
const neverClosed = new Set('p li dt dd tr td th tbody thead tfoot colgroup option'.split(' '));

/** A tag where it stands. */
export interface Tag {
	name: string;
	closes: boolean;
	/** With its brackets. */
	raw: string;
	/** Its other half is there too. */
	paired: boolean;
}

const hasAttributes = ({ raw }: Tag): boolean => /^<[^\s/>]+[\s/]+[^\s/>]/.test(raw);

/** Elements of which a message shows nothing, so that in Markdown they are what somebody writes about. */
const unshown = new Set('meta link base param track area map object embed progress meter canvas'.split(' '));

/** They show what their `src` is the address of. */
export const framed: ReadonlySet<string> = new Set(['video', 'audio', 'iframe']);

/** A declaration before the element that it declares; elsewhere it is what somebody writes about. */
export const beginsPage = /^\s*<!doctype\b[^<>]*>\s*<[a-z!]/i;

/** Attributes that need no value. */
const switches = new Set(
	(
		'allowfullscreen async autofocus autoplay checked compact controls default defer disabled download hidden inert ismap ' +
		'itemscope loop multiple muted nohref noshade novalidate nowrap open playsinline readonly required reversed selected'
	).split(' '),
);

/** `a<b and c>d`: words where attributes would be. */
function hasWords(raw: string): boolean {
	const [tag = ''] = /^[^>]*>?/.exec(raw.replace(/=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)/g, '=')) ?? [];
	const bare = tag.match(/[\s/][^\s/>=]+(?!\s*=)(?=[\s/>])/g) ?? [];
	return bare.some((word) => !switches.has(word.slice(1).toLowerCase()) && !/^.(?:data-|[@:#*])/.test(word));
}

const showsNothing = ({ name, raw }: Tag): boolean =>
	(name === 'input' && !/\stype\s*=\s*["']?checkbox\b/i.test(raw)) ||
	(name === 'source' && !/\ssrcset\s*=/i.test(raw)) ||
	(framed.has(name) && !/\ssrc\s*=\s*["']?https?:/i.test(raw));

/**
 * Whether a tag in Markdown is something that its author wrote for readers: `File "<stdin>"`, `List<String>`, `the page
 * has no <title>`. A tag is markup where HTML has it, and it has attributes or its other half.
 */
export function isTextInMarkdown(tag: Tag): boolean {
	const { name, paired } = tag;
	if (unread.has(name) || !known.has(name)) return true;
	if (unshown.has(name)) return true;
	if (!tag.closes && (hasWords(tag.raw) || (hasAttributes(tag) && showsNothing(tag)))) return true;
	return !(paired || alone.has(name) || neverClosed.has(name) || hasAttributes(tag));
}

/** In HTML also lone tags are markup; names with a hyphen or a colon are other people's elements. */
export const isTextInHtml = ({ name }: Tag): boolean => !known.has(name) && !/[-:]/.test(name);

/** Which opening and closing tags belong together, over all the HTML in a text, in the order in which they come. */
export class Pairs {
	private readonly open = new Map<string, number[]>();
	private readonly paired: boolean[] = [];
	private at = 0;

	add(html: string): void {
		const note = (name: string, closes: boolean) => {
			const open = this.open.get(name) ?? [];
			this.open.set(name, open);
			const partner = closes ? open.pop() : undefined;
			if (partner !== undefined) this.paired[partner] = true;
			if (!closes) open.push(this.paired.length);
			this.paired.push(partner !== undefined);
		};
		tokenize(html, {
			onopentagname: (start, end) => note(html.slice(start, end).toLowerCase(), false),
			onclosetag: (start, end) => note(html.slice(start, end).toLowerCase(), true),
		});
	}

	/** Of the next tag. */
	next(): boolean {
		return this.paired[this.at++] ?? false;
	}
}

const nothing = () => {};

export function tokenize(html: string, callbacks: Partial<TokenizerCallbacks>): void {
	const { Tokenizer } = require('htmlparser2') as typeof import('htmlparser2');
	const tokenizer = new Tokenizer(
		{ decodeEntities: true },
		{
			ontext: nothing,
			ontextentity: nothing,
			onopentagname: nothing,
			onattribname: nothing,
			onattribdata: nothing,
			onattribentity: nothing,
			onattribend: nothing,
			onopentagend: nothing,
			onselfclosingtag: nothing,
			onclosetag: nothing,
			oncomment: nothing,
			oncdata: nothing,
			ondeclaration: nothing,
			onprocessinginstruction: nothing,
			onend: nothing,
			...callbacks,
		},
	);
	tokenizer.write(html);
	tokenizer.end();
}
