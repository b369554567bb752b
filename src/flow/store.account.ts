import { read, type Values } from '../core/base/field';
import { defineAccount } from '../core/define/account';
import { patience } from '../core/state/pending';
import { redisStore } from '../core/state/redis';
import { redisAccount, settingsOf } from '../core/state/redis/account';

/** s; whoever asks whether an account works waits for the answer. */
const soon = 5;

/** Where flow nodes keep what they remember, if it is to be shared by several hosts or processes. */
export const store = defineAccount({
	id: 'store',
	set: 'flow',
	name: 'Redis Store',
	zh: 'Redis 存储',
	docs: 'https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/',
	account: redisAccount,
	async verify(account) {
		const values = read(redisAccount, account) as Values<typeof redisAccount>;
		const opened = redisStore({ ...settingsOf(values), patience: { ...patience, seconds: soon } });
		try {
			await opened.now('verify');
		} finally {
			await opened.close();
		}
	},
});
