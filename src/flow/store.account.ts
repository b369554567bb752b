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
	teaches: {
		en: 'Where flow nodes keep what they remember, chosen in their field *Store*. Without it that is a file of the host, which one process has; in n8n’s queue mode it is n8n’s own Redis. Choose one of your own where several Node-REDs are to behave as one, or where the host’s disk does not last. The Redis must not throw keys away by itself (`maxmemory-policy noeviction`) and should write to disk (`appendonly yes`): with `appendfsync everysec`, its default, a power cut may cost about a second. Nodes warn of one that may forget. What waits in one store stays there when another one is chosen. n8n’s triggers keep what they receive in n8n’s own store.',
		zh: '流程节点保存数据的位置，在节点的“存储”字段中选择。不填时使用本机文件（由单个进程占用）；n8n 队列模式下使用 n8n 自己的 Redis。需要多个 Node-RED 协同工作，或主机磁盘不持久时，请使用自己的 Redis。该 Redis 不能自行淘汰键（`maxmemory-policy noeviction`），并应写入磁盘（`appendonly yes`）：默认的 `appendfsync everysec` 在断电时可能丢失约一秒的数据。若 Redis 可能遗忘数据，节点会发出警告。更换存储后，原存储中等待的消息仍留在原处。n8n 触发器收到的内容保存在 n8n 自己的存储中。',
	},
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
