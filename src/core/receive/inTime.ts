/** Senders wait for their answer no longer than this (ms) because a store is slow to say what it knows. */
const patience = 500;

/** What is known in time; what is not, or fails, is as if it were not so. Never rejects. */
export function inTime(asked: Promise<boolean>): Promise<boolean> {
	return new Promise((done) => {
		const timer = setTimeout(() => done(false), patience);
		const tell = (is: boolean) => {
			clearTimeout(timer);
			done(is);
		};
		asked.then(tell, () => tell(false));
	});
}
