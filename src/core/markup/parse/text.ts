import type { Block, Doc, Inline } from '../tree';

/** A blank line parts paragraphs; every further one stays. */
export function parseText(source: string): Doc {
	const doc: Doc = [];
	let paragraph: Extract<Block, { type: 'paragraph' }> | undefined;
	let blank = 0;
	for (const line of source.split('\n')) {
		if (line.trim() === '') {
			blank++;
			continue;
		}
		const children: Inline[] = [{ type: 'text', text: line, marks: {} }];
		if (paragraph && blank === 0) paragraph.children.push({ type: 'break' }, ...children);
		else {
			const extra: Inline[] = paragraph ? Array.from({ length: blank - 1 }, () => ({ type: 'break' })) : [];
			doc.push((paragraph = { type: 'paragraph', children: [...extra, ...children] }));
		}
		blank = 0;
	}
	return doc;
}

/** Markdown in which nothing is markup, so that it is what `parseText` makes of it. Errs on the side of no. */
export const isPlainMarkdown = (source: string): boolean =>
	!/[\\`*_[\]<>&~|@\t\f\v]|^\s|\s$|\s\n|\n[^\S\n]|\n\n\n|^[#+=:-]|\n[#+=:-]|(?:^|\n)\d{1,9}[.)]/.test(source);
