/** About how many bytes it is, at any depth. */
export function bytesOf(value: unknown): number {
	if (typeof value === 'string') return value.length;
	if (value instanceof Uint8Array) return value.byteLength;
	if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + bytesOf(one), 8);
	if (typeof value !== 'object' || value === null) return 8;
	return Object.values(value).reduce((sum: number, one) => sum + bytesOf(one), 8);
}
