/** State that outlives a message. All updates are atomic: two workers never take the same turn. */
export interface Store {
	get(key: string): Promise<string | undefined>;
	set(key: string, value: string, seconds?: number): Promise<void>;
	delete(key: string): Promise<void>;
	/** Sets the key and answers true where it was absent: once, for one caller alone. */
	claim(key: string, seconds: number): Promise<boolean>;
	/** Reads, changes and writes in one step; `undefined` deletes. */
	update(key: string, change: (value: string | undefined) => string | undefined): Promise<string | undefined>;
	close(): Promise<void>;
}
