import { createHash, hash } from 'node:crypto';

/** Characters that are turned into bytes at once: megabytes of them would be copied whole first. */
const slice = 65_536;

/** A hash of a text of any length, from which nothing of it can be read. */
export function digestOf(text: string): string {
	if (text.length <= slice) return hash('sha256', text, 'base64url');
	const hashing = createHash('sha256');
	for (let at = 0; at < text.length; at += slice) hashing.update(text.slice(at, at + slice), 'utf16le');
	return hashing.digest('base64url');
}
