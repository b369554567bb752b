import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LoggerProxy } from 'n8n-workflow';
import type { Text } from '../../core/base/language';
import type { Lent } from '../../core/state/lending';
import { lendStore } from '../../core/state/placing';
import type { Chosen } from '../../core/state/storeOption';
import { redisOfN8n, type RedisSettings } from '../../core/state/redis/settings';

/** n8n itself says what it cannot read. */
function textOf(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}

/** In queue mode: what all processes of this n8n share. */
export const ofQueue: RedisSettings | undefined = redisOfN8n(process.env, textOf);

const warning = (text: Text) => LoggerProxy.warn(`Carillon: ${text.en}`);

/** Beside n8n's own database, in the folder that its users keep. */
export const fileOf = (environment: Readonly<Record<string, string | undefined>> = process.env): string =>
	join(environment.N8N_USER_FOLDER || homedir(), '.n8n', 'carillon', 'carillon.db');

/** Whether anything can have been kept by what this n8n uses of its own accord. */
export const isStoreThere = (): boolean => ofQueue !== undefined || existsSync(fileOf());

/**
 * The store of a node, opened on first use; whoever gets it gives it back.
 * @param account of the credential, where the node has one
 * @throws ChannelError `Invalid('store')`
 */
export const storeOf = (chosen: Chosen = 'auto', account?: Readonly<Record<string, unknown>>): Lent =>
	lendStore(chosen, { account, shared: ofQueue, file: fileOf(), warn: warning });

/** In queue mode: the store of all processes, for as long as this one lives. */
export const ofProcesses = ofQueue && storeOf().store;
