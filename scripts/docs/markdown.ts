/** What a cell of a table may hold. */
export const cells = (text: string) =>
	text
		.replaceAll('|', '\\|')
		.replaceAll('<', '&lt;')
		.replace(/\s*\n\s*/g, ' ');

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Paragraphs, with what is nothing left out. */
export const page = (...blocks: readonly (string | false | undefined)[]) =>
	`${blocks.filter((block) => typeof block === 'string' && block !== '').join('\n\n')}\n`;
