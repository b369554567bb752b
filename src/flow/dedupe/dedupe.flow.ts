import { choice, defineFlow, number, text, toggle, type Content } from '../../core/define/flow';
import type { Language, Text } from '../../core/base/language';
import { carriedIn, type Place } from '../../core/message/carried';
import { isRecord } from '../../core/base/record';
import { withFacts, withFields } from '../adding';
import { hear, isKnownFor, obey, type Facts } from './machine';
import { tellingOf, upgraded } from './telling';

/** The same is told once, whoever tells it how often; a better version of it is told as that. */
export const dedupe = defineFlow({
	id: 'dedupe',
	set: 'flow',
	name: 'Dedupe',
	zh: '去重',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#readme',
	description: {
		en: 'Lets the same message through once within a time, whichever server or user it comes from, and recognises an upgrade to a better version',
		zh: '一段时间内相同的消息只放行一次，不论来自哪台服务器或哪个用户，并识别洗版升级',
	},
	aliases: ['Deduplicate', 'Duplicates', 'Repeats', 'Unique', 'Upgrade', '重复', '洗版', '去除重复'],
	teaches: {
		en: 'The first message about something comes out of the first output, what tells the same within the window of the second. The same is: the same film or episode by its ids and what is told of it, be that by Emby and Jellyfin or for several users; of anything else the same title and text; or what has the same key. Another file or quality of an item that was heard of within 30 days is an upgrade, as is what its sender calls one: it is told, though it comes within the window, once for all senders, and marked with the type download.upgraded. A message with msg.reset (true for all, or a key) forgets; in n8n an item with carillon.command set to "reset". All of it survives restarts.',
		zh: '关于同一件事的第一条消息从第一个输出口放行，时间窗内再次收到的从第二个输出口输出。判断相同的依据：影片或单集的 ID 加事件类型，不论由 Emby 还是 Jellyfin 发来、属于哪个用户；其他消息看标题与正文；也可自定分组键。30 天内收到过的条目换了文件或画质，或来源本身注明是升级，即为洗版升级：即使在时间窗内也会通知，多个来源只通知一次，并将类型标记为 download.upgraded。收到带 msg.reset 的消息（true 表示全部，或填分组键）会清除记忆；n8n 中为 carillon.command 设为 "reset" 的条目。重启后依然有效。',
	},
	outputs: [
		{
			en: 'First',
			zh: '首次',
			help: {
				en: 'The message as it came in; an upgrade with carillon.dedupe: what, from, to',
				zh: '原样输出；洗版升级附带 carillon.dedupe：what、from、to',
			},
		},
		{
			en: 'Repeats',
			zh: '重复',
			help: {
				en: 'The message with carillon.dedupe: what, times, since',
				zh: '消息本身，附带 carillon.dedupe：what、times、since',
			},
		},
	],
	fields: {
		window: number('Window (Seconds)', {
			zh: '时间窗（秒）',
			default: 3_600,
			min: 1,
			max: isKnownFor / 1_000,
			help: {
				en: 'From the one that was let through; at most 30 days, 2592000',
				zh: '从放行的那条算起；最长 30 天，即 2592000',
			},
		}),
		users: toggle('Merge Users', {
			zh: '合并不同用户',
			default: true,
			help: {
				en: 'The same for another user is a repeat; what is addressed to another recipient never is',
				zh: '不同用户的同一件事算作重复；发给不同接收者的从不算重复',
			},
		}),
		upgrades: choice(
			'Upgrades',
			{
				mark: ['Let through, marked as an upgrade', '放行并标记为洗版升级'],
				pass: ['Let through as they are', '原样放行'],
				drop: ['Treat as repeats', '视为重复'],
			},
			{
				zh: '洗版升级',
				default: 'mark',
				help: {
					en: 'The same item within 30 days with another file or quality, or by an upgrade event',
					zh: '30 天内同一条目换了文件或画质，或收到升级事件',
				},
			},
		),
		key: text('Key', {
			zh: '分组键',
			optional: true,
			help: {
				en: 'What has the same key is the same; empty: ids, season, episode and type, else title and text',
				zh: '分组键相同即为相同；留空：ID、季、集与事件类型，否则为标题与正文',
			},
		}),
	},
	each: ['key'],
	commands: ['reset'],
	isAnew: true,

	enter(arrival, values) {
		const telling = tellingOf(arrival, values);
		return { key: telling.key, decide: hear(telling, values) as never };
	},
	passing({ content, place = 'message' }, { output, facts }, { upgrades, language }) {
		if (facts === undefined) return content;
		const told = facts as Facts;
		const named = withFacts(content, { dedupe: inWords(told) });
		return told.what === 'upgrade' && output === 0 && upgrades === 'mark'
			? marked(named, place, told, language)
			: named;
	},
	command: () => obey() as never,
	release: () => undefined,
});

const inWords = (facts: Facts) =>
	facts.what === 'repeat' ? { ...facts, since: new Date(facts.since).toISOString() } : facts;

/** As an upgrade: for flows by its type, for readers in a field, unless its sender says it anyhow. */
function marked(
	content: Content,
	place: Place,
	{ from, to }: Facts & { what: 'upgrade' },
	language: Language,
): Content {
	const { event } = content;
	const { message } = carriedIn(content, place);
	const isSaid = (isRecord(event) ? event.type : message.type) === upgraded;
	if (isSaid) return content;
	const value = to === undefined ? words.file[language] : from === undefined ? to : `${from} → ${to}`;
	const shown = withFields(content, place, [{ name: words.upgrade[language], value, short: true }]);
	const now = shown[place];
	return {
		...shown,
		...(isRecord(event) && { event: { ...event, type: upgraded } }),
		...(isRecord(now) && typeof now.body === 'string' && { [place]: { ...now, type: upgraded } }),
	};
}

const words = {
	upgrade: { en: 'Upgrade', zh: '洗版升级' },
	file: { en: 'another file', zh: '新文件' },
} satisfies Record<string, Text>;
