/** Nobody waits longer than this (ms) because a store is slow to say what it knows. */
const patience = 500;

/** What is known in time; `otherwise` where it is not, or fails. Never rejects. */
export function inTime<T>(asked: Promise<T>, otherwise: T): Promise<T> {
	return new Promise((done) => {
		const timer = setTimeout(() => done(otherwise), patience);
		const tell = (is: T) => {
			clearTimeout(timer);
			done(is);
		};
		asked.then(tell, () => tell(otherwise));
	});
}
