import { invalid } from '../base/errors';
import { read, type Fields, type Values } from '../base/field';
import type { Text } from '../base/language';
import { Lending, stores, type Lent } from './lending';
import { redisStore } from './redis';
import { keyOf, redisAccount } from './redis/account';
import type { RedisSettings } from './redis/settings';
import { sqliteStore } from './sqlite';
import type { Chosen } from './storeOption';

/** What a host has. */
export interface Places {
	/** Of the account that a node names, as the host stored it. */
	account?: Readonly<Record<string, unknown>>;
	/** Of several processes that are one host: what one of them keeps in a file, the others do not see. */
	shared?: RedisSettings;
	/** An absolute path; undefined: the host has no folder of its own. */
	file?: string;
	/** What somebody should know. */
	warn(text: Text): void;
	lending?: Lending;
	/** The thread's own file, for tests. */
	worker?: string;
}

/**
 * The store that is meant, opened on first use. Whoever gets it gives it back.
 * @throws ChannelError `Invalid('store')` where there is none, or it would not do what it is for
 */
export function lendStore(chosen: Chosen, { account, shared, file, warn, worker, lending = stores }: Places): Lent {
	const own: RedisSettings | undefined =
		account && (read(redisAccount as Fields, account) as Values<typeof redisAccount>);
	const redis = chosen === 'file' ? undefined : (own ?? shared);
	if (redis) return lending.lend(keyOf(redis), () => redisStore({ ...redis, warn }));
	if (chosen === 'redis') throw invalid('store', noAccount);
	if (shared) throw invalid('store', ofOneProcess);
	if (!file) throw invalid('store', noFolder);
	return lending.lend(file, () => sqliteStore({ file, worker }));
}

const noAccount: Text = {
	en: 'Choose the account of the Redis in this node.',
	zh: '请在节点中选择 Redis 的账号。',
};
const ofOneProcess: Text = {
	en: 'n8n runs in queue mode: what one of its processes keeps in a file, the others do not see. Choose “Automatic”, which is n8n’s own Redis, or an account of another.',
	zh: 'n8n 正以队列模式运行：一个进程保存在文件中的内容，其他进程看不到。请选择“自动”（使用 n8n 自己的 Redis），或选择其他 Redis 的账号。',
};
const noFolder: Text = {
	en: 'This Node-RED has no user folder to keep a file in. Set userDir where it is started, or choose Redis.',
	zh: '此 Node-RED 没有用户目录，无法保存文件。请在启动时设置 userDir，或选择 Redis。',
};
