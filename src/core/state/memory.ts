import { neverBack } from '../base/clock';
import type { Store } from './store';

interface Entry {
	value: string;
	expires: number;
}

/** Within the process; bounded: past `most` keys the oldest go. A clock that is set back makes nothing live longer. */
export function memoryStore(time: () => number = Date.now, most = 10_000): Store {
	const now = neverBack(time);
	const entries = new Map<string, Entry>();
	const live = (key: string) => {
		const entry = entries.get(key);
		if (entry && entry.expires <= now()) {
			entries.delete(key);
			return undefined;
		}
		return entry;
	};
	const put = (key: string, value: string, seconds?: number) => {
		entries.delete(key);
		entries.set(key, { value, expires: seconds === undefined ? Infinity : now() + seconds * 1000 });
		if (entries.size > most) entries.delete(entries.keys().next().value as string);
	};
	return {
		get: async (key) => live(key)?.value,
		set: async (key, value, seconds) => put(key, value, seconds),
		delete: async (key) => void entries.delete(key),
		claim: async (key, seconds) => {
			if (live(key)) return false;
			put(key, '', seconds);
			return true;
		},
		update: async (key, change) => {
			const value = change(live(key)?.value);
			if (value === undefined) entries.delete(key);
			else put(key, value);
			return value;
		},
		close: async () => entries.clear(),
	};
}
