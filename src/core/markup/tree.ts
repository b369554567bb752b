/** How a stretch of text looks. Marks have no order: bold inside italic is italic inside bold. */
export interface Marks {
	strong?: true;
	em?: true;
	del?: true;
	underline?: true;
	spoiler?: true;
	code?: true;
	href?: string;
}

export type Inline =
	/** Without line breaks. Neighbours differ in their marks. */
	| { type: 'text'; text: string; marks: Marks }
	| { type: 'break' }
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
		a.href === b.href
	);
}

export const plainInline = (children: readonly Inline[]): string =>
	children.map((child) => (child.type === 'text' ? child.text : child.type === 'break' ? '\n' : child.alt)).join('');
