/** Where what all files of tests share is to be found. */
export interface Shared {
	/** Of a browser that Playwright connects to. */
	browser: string;
	n8n: { url: string; /** A file that holds what it has written so far. */ log: string };
}

const variable = 'CARILLON_E2E_SHARED';

export const share = (shared: Shared) => void (process.env[variable] = JSON.stringify(shared));

/** Nothing where a file is run without jest's global setup: it then starts its own. */
export const shared = (): Shared | undefined => {
	const said = process.env[variable];
	return said ? (JSON.parse(said) as Shared) : undefined;
};

/** What setup started and teardown ends; both run outside the tests, in one process. */
const place = globalThis as { carillonRunning?: { closing: (() => Promise<unknown>)[]; folders: string[] } };
export const running = (place.carillonRunning ??= { closing: [], folders: [] });
