/** What templates may name, and what they name in vain. Pure. */
import type { Text } from '../base/language';
import { factLabels, type FactName, type MediaEvent, type MediaItem } from './event';
import { namesIn } from './template';

/** Names below a name; `any`: whatever the sender gives, or nothing more. */
interface Tree {
	readonly [name: string]: Tree | 'any';
}
type All<T, Value = 'any'> = Readonly<Record<keyof Required<T>, Value>>;

const facts = Object.fromEntries(Object.keys(factLabels).map((name) => [name, 'any'])) as All<Record<FactName, string>>;

/** The parts of an event that people look at, with their keys. */
export const eventParts = {
	item: {
		...{
			kind: 'any',
			title: 'any',
			series: 'any',
			season: 'any',
			episode: 'any',
			episodeEnd: 'any',
			episodes: 'any',
			furtherSeasons: 'any',
		},
		...{ year: 'any', overview: 'any', runtime: 'any', genres: 'any', rating: 'any', path: 'any', library: 'any' },
		...{ album: 'any', artist: 'any', id: 'any', ids: { imdb: 'any', tmdb: 'any', tvdb: 'any' }, idsOf: 'any' },
		...{ poster: { url: 'any', data: 'any', mime: 'any' }, url: 'any' },
	},
	user: { id: 'any', name: 'any' },
	device: { name: 'any', client: 'any', address: 'any' },
	server: { name: 'any', id: 'any', url: 'any' },
	playback: { position: 'any', percent: 'any', paused: 'any', method: 'any' },
	facts,
} as const satisfies Partial<Record<keyof MediaEvent, Tree>> & {
	item: All<MediaItem, Tree | 'any'>;
	user: All<NonNullable<MediaEvent['user']>>;
	device: All<NonNullable<MediaEvent['device']>>;
	server: All<NonNullable<MediaEvent['server']>>;
	playback: All<NonNullable<MediaEvent['playback']>>;
};

const event: All<Omit<MediaEvent, 'happening'>, Tree | 'any'> = {
	...{
		source: 'any',
		type: 'any',
		rawType: 'any',
		time: 'any',
		origin: 'any',
		audience: 'any',
		count: 'any',
		text: 'any',
		moment: 'any',
		raw: 'any',
	},
	...eventParts,
};

const { item, user, device, server, playback } = eventParts;
const names: Tree = {
	...{ event, item, user, device, server, playback, title: 'any', body: 'any', sentence: 'any', raw: 'any' },
};

/** What a template names that no event has: it is always empty. Empty, too, for one that cannot be read. */
export function namedInVain(template: string): Text[] {
	return namesIn(template).flatMap((path) => vain(path) ?? []);
}

function vain(path: readonly (string | number)[]): Text | undefined {
	let at: Tree = names;
	for (const [depth, name] of path.entries()) {
		const known: Tree | 'any' | undefined = Object.hasOwn(at, name) ? at[name] : undefined;
		if (known === 'any') return undefined;
		if (known === undefined) return complaint(path.slice(0, depth), String(name), Object.keys(at));
		at = known;
	}
	return undefined;
}

function complaint(above: readonly (string | number)[], name: string, there: readonly string[]): Text {
	const whole = [...above, name].join('.');
	return above.length === 0
		? {
				en: `“${whole}” is always empty. There are: ${there.join(', ')}.`,
				zh: `“${whole}”始终为空。可用的有：${there.join('、')}。`,
			}
		: {
				en: `“${whole}” is always empty: “${above.join('.')}” has ${there.join(', ')}.`,
				zh: `“${whole}”始终为空：“${above.join('.')}”只有 ${there.join('、')}。`,
			};
}
