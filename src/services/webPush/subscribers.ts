import { createHash } from 'node:crypto';
import { ChannelError } from '../../core/base/errors';
import { fill, type Text } from '../../core/base/language';
import type { KeyValues } from '../../core/state/store';
import type { Account } from './account';
import { subscriptionsIn, type Subscription } from './subscription';

/** One that came by the page, as it is kept. */
export interface Subscriber extends Subscription {
	/** What it looks like to whoever sees the list: “Chrome on Android”. */
	browser: string;
	/** ISO 8601 */
	since: string;
	/** Pasted into the account: it cannot be dropped there. */
	pasted?: true;
}

/** They fit into what a store takes as one value. */
const most = 500;

/** Under what an account's subscribers and salt are kept. */
export const placeOf = ({ pageKey }: Pick<Account, 'pageKey'>): string =>
	`webPush:${createHash('sha256').update(`carillon web push\n${pageKey}`).digest('base64url')}`;

/** Those of the page, and behind them those that were pasted. */
export async function subscribersOf(account: Account, lasting: KeyValues): Promise<Subscriber[]> {
	const kept = read(await lasting.get(placeOf(account)));
	const pasted = account.subscriptions === undefined ? [] : subscriptionsIn(account.subscriptions);
	const more = (pasted as Subscription[])
		.filter(({ id }) => !kept.some((each) => each.id === id))
		.map((each) => ({ ...each, browser: '', since: '', pasted: true as const }));
	return [...kept, ...more];
}

/**
 * Keeps one, in the place of what that browser had before.
 * @param before the id that it had, where its address has changed
 * @returns whether it is new
 * @throws ChannelError `Rejected` where there is no room
 */
export async function subscribe(
	account: Account,
	lasting: KeyValues,
	one: Subscriber,
	before?: string,
): Promise<boolean> {
	let isNew = false;
	await lasting.update(placeOf(account), (text) => {
		const all = read(text);
		const at = all.findIndex(({ id }) => id === one.id || id === before);
		isNew = at < 0;
		if (isNew && all.length >= most) throw new ChannelError('Rejected', fill(full, { most }));
		const others = all.filter(({ id }) => id !== one.id && id !== before);
		const { since = one.since } = all[at] ?? {};
		return JSON.stringify([...others, { ...one, since }]);
	});
	return isNew;
}

/** @returns whether they were there */
export async function unsubscribe(account: Account, lasting: KeyValues, ids: readonly string[]): Promise<boolean> {
	let found = false;
	await lasting.update(placeOf(account), (text) => {
		const all = read(text);
		const left = all.filter(({ id }) => !ids.includes(id));
		found = left.length < all.length;
		return found ? JSON.stringify(left) : text;
	});
	return found;
}

/** Changes how one is called. @returns it, or undefined where there is none */
export async function rename(
	account: Account,
	lasting: KeyValues,
	id: string,
	change: Partial<Pick<Subscriber, 'name' | 'tags'>>,
): Promise<Subscriber | undefined> {
	let changed: Subscriber | undefined;
	await lasting.update(placeOf(account), (text) => {
		const all = read(text).map((each) => (each.id === id ? (changed = { ...each, ...change }) : each));
		return changed ? JSON.stringify(all) : text;
	});
	return changed;
}

function read(text: string | undefined): Subscriber[] {
	return text === undefined ? [] : (JSON.parse(text) as Subscriber[]);
}

/** As people see it; nothing of its address. */
export function shown({ id, name, tags, browser, since, endpoint }: Subscriber) {
	return { id, name, tags, browser, since, service: new URL(endpoint).host };
}

export const nameOf = ({ name, browser, id }: Subscriber): string => name || browser || id;

/** Whom an entry means: a person, a tag, or one browser. */
export function meantBy(entry: string, all: readonly Subscriber[]): Subscriber[] {
	const wanted = entry.trim().replace(/^[#@]/, '').toLowerCase();
	return all.filter(
		({ id, name, tags }) =>
			id === entry.trim() || name.toLowerCase() === wanted || tags.some((tag) => tag.toLowerCase() === wanted),
	);
}

const full: Text = {
	en: 'There are {most} subscribers already, the most that are kept: remove some first.',
	zh: '订阅者已达上限 {most} 个：请先移除一些。',
};
