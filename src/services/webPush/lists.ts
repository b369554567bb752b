import { matching, type Asked, type Call, type Item, type Listed } from '../../core/define/channel';
import type { account } from './account';
import { nameOf, subscribersOf } from './subscribers';

type Asking = Pick<Call<typeof account>, 'account' | 'lasting' | 'language'> & Asked;

/** People and tags, and behind them each browser by itself. */
export async function subscriberList(call: Asking): Promise<Listed> {
	const all = await subscribersOf(call.account, call.lasting);
	const several = (words: string[]): string[] => [...new Set(words.filter((word) => word !== ''))];
	const tag = call.language === 'zh' ? '标签' : 'tag';
	const items: Item[] = [
		...several(all.map(({ name }) => name)).map((name) => ({ value: name, name })),
		...several(all.flatMap(({ tags }) => tags)).map((value) => ({ value, name: `#${value}`, description: tag })),
		...(await browserList(call)).items,
	];
	return { items: matching(items, call.search) };
}

/** Each browser by itself. */
export async function browserList({ account, lasting, search }: Asking): Promise<Listed> {
	const all = await subscribersOf(account, lasting);
	const items = all.map((one) => ({
		value: one.id,
		name: nameOf(one),
		...((one.browser || one.tags.length > 0) && {
			description: [one.name && one.browser, ...one.tags.map((tag) => `#${tag}`)].filter(Boolean).join(' '),
		}),
	}));
	return { items: matching(items, search) };
}
