import { join } from 'node:path';
import type { Text } from '../../core/base/language';
import { borrowed, type Borrowed } from '../../core/state/borrowed';
import type { Lent } from '../../core/state/lending';
import { lendStore } from '../../core/state/placing';
import type { Chosen } from '../../core/state/storeOption';
import type { Red } from './red';

/** Beside the flows. */
export const fileOf = ({ settings: { userDir } }: Pick<Red, 'settings'>): string | undefined =>
	userDir ? join(userDir, 'carillon', 'carillon.db') : undefined;

/**
 * The store of a node, opened on first use; the node gives it back when it is closed.
 * @param account of the config node, where it names one
 * @throws ChannelError `Invalid('store')`
 */
export const storeOf = (
	RED: Pick<Red, 'settings'>,
	warn: (text: Text) => void,
	chosen: Chosen = 'auto',
	account?: Readonly<Record<string, unknown>>,
): Lent => lendStore(chosen, { account, file: fileOf(RED), warn });

/** For channels, which seldom keep anything: opened by the first who does, given back by whoever got it. */
export const lastingOf = (RED: Pick<Red, 'settings'>): Borrowed => borrowed(() => storeOf(RED, () => undefined));
