import { ChannelError } from '../base/errors';
import { fill, type Text } from '../base/language';

type Values = Record<string, string | number>;

const away = (code: string, text: Text, values: Values = {}, unknown = false) =>
	new ChannelError('Unreachable', fill(text, values), { code, unknown });
const refused = (code: string, text: Text, values: Values = {}) =>
	new ChannelError('Rejected', fill(text, values), { code, transient: false });

/** Nobody answered in time. @param unknown it was handed over, and may have been done */
export const notInTime = (place: string, seconds: number, unknown: boolean) =>
	away(
		'STORE_AWAY',
		{
			en: 'The store {place} has not answered for {seconds} s. See whether it runs and can be reached; what was to be kept was not confirmed.',
			zh: '存储 {place} 已 {seconds} 秒没有响应。请检查其是否正在运行且可以连接；本次要保存的内容未得到确认。',
		},
		{ place, seconds },
		unknown,
	);

export const tooManyWait = (place: string, operations: number, megabytes: number) =>
	away(
		'STORE_BUSY',
		{
			en: 'More than {operations} operations or {megabytes} MB already wait for the store {place}. See whether it runs and can be reached, or send less at once.',
			zh: '等待存储 {place} 的操作已超过 {operations} 个或 {megabytes} MB。请检查其是否正在运行且可以连接，或减少同时发送的数量。',
		},
		{ place, operations, megabytes },
	);

export const storeClosed = (place: string) =>
	away('STORE_CLOSED', {
		en: `The store ${place} was closed. Deploy or publish again.`,
		zh: `存储 ${place} 已关闭。请重新部署或发布。`,
	});

export const storeEnded = (place: string, why: string) =>
	away(
		'STORE_ENDED',
		{
			en: 'The store {place} ended while it worked ({why}); it begins anew with the next operation. Whether this one was kept is not known.',
			zh: '存储 {place} 在工作时中断（{why}），下次操作时会重新启动。本次操作是否已保存无法确定。',
		},
		{ place, why },
		true,
	);

export const contested = (key: string) =>
	away('STORE_CONTESTED', {
		en: `Too many processes change “${key}” at once. Try again, or spread the messages over more keys.`,
		zh: `同时修改“${key}”的进程过多。请重试，或将消息分散到更多分组键。`,
	});

export const inUse = (path: string, seconds: number) =>
	away(
		'STORE_IN_USE',
		{
			en: 'The file {path} is in use by another process, which has not let go of it for {seconds} s. Stop that process; where several processes have to share what is remembered, choose Redis as the store.',
			zh: '文件 {path} 正被另一个进程使用，已 {seconds} 秒未释放。请停止该进程；若多个进程需要共享数据，请选择 Redis 作为存储。',
		},
		{ path, seconds },
	);

export const diskFull = (path: string) =>
	away('STORE_FULL', {
		en: `The disk is full, or ${path} has reached its largest size: nothing can be kept. Free some space; nothing that was confirmed is lost.`,
		zh: `磁盘已满，或 ${path} 已达到大小上限：无法保存。请释放空间；已确认的内容不会丢失。`,
	});

export const notWritable = (path: string, why: string) =>
	away(
		'STORE_READ_ONLY',
		{
			en: 'The file {path} cannot be written ({why}). Give the user that runs this process the right to write there, or mount the folder writable.',
			zh: '文件 {path} 无法写入（{why}）。请授予运行本进程的用户写入权限，或以可写方式挂载该目录。',
		},
		{ path, why },
	);

export const notReadable = (path: string, why: string) =>
	away(
		'STORE_FAILED',
		{
			en: 'The file {path} could not be read or written ({why}). See whether the disk is healthy.',
			zh: '文件 {path} 读写失败（{why}）。请检查磁盘是否正常。',
		},
		{ path, why },
	);

export const newerSchema = (path: string, theirs: number, ours: number) =>
	new ChannelError(
		'Invalid',
		fill(
			{
				en: 'The file {path} was written by a newer version of Carillon (its layout is {theirs}, this version knows up to {ours}). Update Carillon, or move the file away to begin anew.',
				zh: '文件 {path} 由更新版本的 Carillon 写入（其结构版本为 {theirs}，本版本最高支持 {ours}）。请更新 Carillon，或移走该文件以重新开始。',
			},
			{ path, theirs, ours },
		),
		{ code: 'STORE_NEWER' },
	);

/** Said until somebody has seen it. */
export const damaged = (path: string, moved: string): Text => ({
	en: `The file ${path} was damaged. It was moved to ${moved} and a new one was begun: what it remembered and what waited in it is gone, unless you restore it from a backup.`,
	zh: `文件 ${path} 已损坏，已移动到 ${moved} 并新建了文件：其中的记忆和等待发送的内容已丢失，除非从备份恢复。`,
});

export const damagedNow = (path: string) =>
	away(
		'STORE_DAMAGED',
		{
			en: `The file ${path} is damaged; it is set aside and a new one begun with the next operation. This operation was not confirmed.`,
			zh: `文件 ${path} 已损坏；下次操作时会将其移走并新建文件。本次操作未得到确认。`,
		},
		{},
		true,
	);

export const emptied = (place: string, scope: string): Text => ({
	en: `The Redis ${place} has forgotten what it kept for ${scope}: it was emptied, or restarted without its data. Switch on appendonly, and keep other programs from emptying it.`,
	zh: `Redis ${place} 已丢失为 ${scope} 保存的内容：它被清空，或重启时未保留数据。请开启 appendonly，并避免其他程序清空它。`,
});

export const evicts = (place: string, policy: string): Text => ({
	en: `The Redis ${place} removes keys when its memory is full (maxmemory-policy ${policy}): notifications that wait can be lost. Set maxmemory-policy to noeviction.`,
	zh: `Redis ${place} 会在内存不足时删除键（maxmemory-policy 为 ${policy}）：等待发送的通知可能丢失。请将 maxmemory-policy 设为 noeviction。`,
});

export const notPersistent = (place: string): Text => ({
	en: `The Redis ${place} does not write what it keeps to disk as it comes (appendonly is off): a restart can lose notifications that wait. Set appendonly to yes.`,
	zh: `Redis ${place} 未实时写入磁盘（appendonly 未开启）：重启可能丢失等待发送的通知。请将 appendonly 设为 yes。`,
});

export const redisRefuses = (place: string, why: string) => {
	if (/^(NOAUTH|WRONGPASS|NOPERM|ERR .*password|ERR AUTH)/.test(why))
		return new ChannelError(
			'Unauthorized',
			{
				en: `The Redis ${place} refuses the account (${why}). Check user name, password and its rights.`,
				zh: `Redis ${place} 拒绝了该账号（${why}）。请检查用户名、密码及其权限。`,
			},
			{ code: 'STORE_UNAUTHORIZED' },
		);
	if (/^OOM/.test(why))
		return away('STORE_FULL', {
			en: `The Redis ${place} has used up its memory: nothing can be kept. Raise maxmemory, or remove what is not needed.`,
			zh: `Redis ${place} 内存已用尽：无法保存。请调大 maxmemory，或清理不需要的数据。`,
		});
	return away(
		'STORE_FAILED',
		{
			en: 'The Redis {place} answered with an error: {why}. See its log.',
			zh: 'Redis {place} 返回错误：{why}。请查看其日志。',
		},
		{ place, why },
	);
};

export const tooManyBatches = (most: number) =>
	refused(
		'STORE_TOO_MANY',
		{
			en: 'More than {most} messages already wait here: this one was not taken. See what holds them up, or drop some.',
			zh: '此处已有超过 {most} 条消息在等待：本条未被接收。请查看是什么阻碍了它们，或丢弃一部分。',
		},
		{ most },
	);

export const tooManyBytes = (megabytes: number) =>
	refused(
		'STORE_TOO_MUCH',
		{
			en: 'Files of more than {megabytes} MB would wait here: this message was not taken. See what holds the others up, or send it without files.',
			zh: '此处等待的文件将超过 {megabytes} MB：本条消息未被接收。请查看是什么阻碍了其他消息，或不带文件发送。',
		},
		{ megabytes },
	);

export const tooLarge = (what: Text, most: string) =>
	new ChannelError(
		'Invalid',
		{
			en: `${what.en} is larger than ${most}, which is too much to be kept. Send less in one message.`,
			zh: `${what.zh}超过 ${most}，无法保存。请减少单条消息的内容。`,
		},
		{ code: 'STORE_TOO_LARGE' },
	);

export const notJson = (what: Text) =>
	new ChannelError(
		'Invalid',
		{
			en: `${what.en} cannot be kept, since JSON cannot hold it (a circle, or a BigInt). Send plain values.`,
			zh: `${what.zh}无法保存，因为 JSON 不支持（循环引用或 BigInt）。请使用普通值。`,
		},
		{ code: 'STORE_NOT_JSON' },
	);

export const mustBeName = (what: Text, most: number) =>
	new ChannelError(
		'Invalid',
		{
			en: `${what.en} must be a text of 1 to ${most} characters.`,
			zh: `${what.zh}必须是 1 到 ${most} 个字符的文本。`,
		},
		{ code: 'STORE_NAME' },
	);
