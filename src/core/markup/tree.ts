/** How a stretch of text looks. Marks have no order: bold inside italic is italic inside bold. */
export interface Marks {
	strong?: true;
	em?: true;
	del?: true;
	underline?: true;
	spoiler?: true;
	code?: true;
	/** `''`: there was one that must not be followed. */
	href?: string;
	/** As it was given: a name, `#d0d4da`, or one of WeCom's `info`, `comment`, `warning`. */
	color?: string;
}

export type Inline =
	/** Without line breaks. Neighbours differ in their marks. */
	| { type: 'text'; text: string; marks: Marks }
	| { type: 'break' }
	/** Without `src` where it must not be fetched. */
	| { type: 'image'; src: string; alt: string; href?: string };

export type Align = 'left' | 'center' | 'right' | undefined;

export type Block =
	| { type: 'paragraph'; children: Inline[] }
	| { type: 'heading'; level: number; children: Inline[] }
	| { type: 'list'; ordered: boolean; start: number; items: Block[][] }
	| { type: 'quote'; children: Block[] }
	| { type: 'codeBlock'; language: string; text: string }
	| { type: 'table'; align: Align[]; head: Inline[][]; rows: Inline[][][] }
	| { type: 'rule' };

/** A message's body, whatever it was written in. */
export type Doc = Block[];

export const markNames = ['strong', 'em', 'del', 'underline', 'spoiler'] as const;
export type MarkName = (typeof markNames)[number];

export function sameMarks(a: Marks, b: Marks): boolean {
	return (
		a.strong === b.strong &&
		a.em === b.em &&
		a.del === b.del &&
		a.underline === b.underline &&
		a.spoiler === b.spoiler &&
		a.code === b.code &&
		a.href === b.href &&
		a.color === b.color
	);
}

export const plainInline = (children: readonly Inline[]): string =>
	children.map((child) => (child.type === 'text' ? child.text : child.type === 'break' ? '\n' : child.alt)).join('');

/** Whether a reader sees anything of it. */
export const hasContent = (blocks: readonly Block[]): boolean =>
	blocks.some((block) => {
		if (block.type === 'rule') return true;
		if (block.type === 'codeBlock') return isVisible(block.text);
		if (block.type === 'quote') return hasContent(block.children);
		if (block.type === 'list') return block.items.some(hasContent);
		const children = block.type === 'table' ? [block.head, ...block.rows].flat(2) : block.children;
		return children.some(
			(child) =>
				(child.type === 'image' && (child.src || child.alt)) ||
				(child.type === 'text' && isVisible(child.text)),
		);
	});

/** Not only white space, marks of direction, what has no width. */
const isVisible = (text: string): boolean => /[^\s\p{Cf}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]/u.test(text);
