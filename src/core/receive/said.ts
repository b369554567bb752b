import { isNothing, withoutKeys } from '../message/readable';
import { text } from './reading';

/** The first of these that tells something: words for nothing are none, and the keys of addresses no reader's. */
export function said(...values: readonly unknown[]): string | undefined {
	for (const value of values) {
		const found = text(value);
		if (found !== undefined && !isNothing(found)) return withoutKeys(found);
	}
	return undefined;
}
