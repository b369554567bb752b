export interface Writings {
	/** What giving something out returned. */
	add(written: void | Promise<void>): void;
	/** Settles once all of it so far is written down; undefined: there is nothing to wait for. */
	readonly done: Promise<void> | undefined;
}

/** Tells a service that something came: at once, or once all who heard of it have written it down. */
export function onceWritten(heard: readonly { written?: Promise<void> }[], acknowledge: () => void): void {
	const writing = heard.flatMap(({ written }) => written ?? []);
	if (writing.length === 0) return acknowledge();
	Promise.all(writing)
		.then(acknowledge)
		// The connection is gone: it comes again by another.
		.catch(() => undefined);
}

/** Of one who listens: what its service is told of only once it is written down, so that it would send it again otherwise. */
export function writings(): Writings {
	let all: Promise<void> | undefined;
	return {
		add(written) {
			if (written) all = Promise.all([all, written]).then(() => undefined);
		},
		get done() {
			return all;
		},
	};
}
