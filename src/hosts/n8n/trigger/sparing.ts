interface Said {
	since: number;
	lines: number;
	/** Left out since the last one that was written. */
	unsaid: number;
}

/**
 * Log lines that strangers can bring about, such as refused requests: at most `most` in `ms` for each node. What is left
 * out is counted, and told with the next line that is written.
 */
export function sparing(most = 5, ms = 60_000, now: () => number = Date.now) {
	const nodes = new Map<string, Said>();
	return (node: string, line: string, write: (line: string) => void): void => {
		const kept = nodes.get(node);
		const isOver = kept !== undefined && now() - kept.since >= ms;
		const said = kept && !isOver ? kept : { since: now(), lines: 0, unsaid: kept?.unsaid ?? 0 };
		nodes.delete(node);
		nodes.set(node, said);
		const [oldest] = nodes.keys();
		if (nodes.size > mostNodes && oldest !== undefined) nodes.delete(oldest);
		if (said.lines >= most) return void said.unsaid++;
		said.lines++;
		write(said.unsaid > 0 ? `${line} (${said.unsaid} more like this were left out here)` : line);
		said.unsaid = 0;
	};
}

const mostNodes = 1_000;
