/** Whether a key is new, among the last so many. */
export function firstTime(most: number): (key: string) => boolean {
	const known = new Set<string>();
	return (key) => {
		if (known.has(key)) return false;
		known.add(key);
		if (known.size > most) known.delete(known.values().next().value as string);
		return true;
	};
}
