/** A value that is chosen from a list which the service itself gives, or typed by hand. */

/** What is looked for. */
export interface Asked {
	/** What the name holds, in any case; absent or '' for all. */
	search?: string;
	/** Where the list goes on: `next` of the answer before. */
	cursor?: string;
}

export interface Item {
	value: string;
	/** As its owner calls it. */
	name: string;
	description?: string;
}

export interface Listed {
	items: Item[];
	/** There is more; absent at the end. */
	next?: string;
}

/** What n8n stores of one: `{ __rl: true, mode: 'list', value: 'C012' }`. */
interface Locator {
	__rl: true;
	mode?: string;
	value?: unknown;
}

const isLocator = (given: unknown): given is Locator =>
	typeof given === 'object' && given !== null && (given as Partial<Locator>).__rl === true;

/** The value itself, however a host stored it. Pure. */
export const picked = (given: unknown): unknown => (isLocator(given) ? picked(given.value) : given);

/** Of services that give the whole list at once: what the search asks for. */
export function matching(items: readonly Item[], search: string | undefined): Item[] {
	const wanted = search?.trim().toLowerCase() ?? '';
	if (wanted === '') return [...items];
	return items.filter(({ value, name, description }) =>
		[value, name, description].some((each) => each?.toLowerCase().includes(wanted)),
	);
}

/** Pages asked for at one time, and how many found are enough to show. */
const [mostPages, enough] = [10, 20];

/**
 * Of services that give a list page by page and search nothing themselves: page after page, until enough is found.
 * @param page gives one page, unsearched
 */
export async function searching(
	{ search, cursor }: Asked,
	page: (cursor: string | undefined) => Promise<Listed>,
): Promise<Listed> {
	const items: Item[] = [];
	let next = cursor;
	for (let asked = 0; asked < mostPages; asked++) {
		const listed = await page(next);
		items.push(...matching(listed.items, search));
		next = listed.next || undefined;
		if (next === undefined || items.length >= enough) break;
	}
	return { items, ...(next !== undefined && { next }) };
}
