import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { read } from '../../src/core/base/field';
import { corpus } from './bodies';
import { hear, oneBotOptions } from '../../src/services/onebot/events';

/** Whatever happens in a chat comes as a message that a channel can send: words, and the picture where there is one. */

const options = { ...read(oneBotOptions, {}), events: [] } as Parameters<typeof hear>[1];
const base = { time: 1_735_787_045, self_id: 10, user_id: 20, group_id: 30, message_id: 1 };
const heard = (event: object, language: 'en' | 'zh' = 'zh') =>
	hear({ ...base, ...event }, options, language, 0).happening?.message;
const message = (...segments: object[]) => ({ post_type: 'message', message_type: 'group', message: segments });

test.each<[object, string]>([
	[{ post_type: 'notice', notice_type: 'group_increase', sub_type: 'approve' }, 'ℹ️ 加入群聊：20'],
	[{ post_type: 'notice', notice_type: 'notify', sub_type: 'poke', target_id: 10 }, 'ℹ️ 戳一戳：10'],
	[{ post_type: 'notice', notice_type: 'group_recall' }, 'ℹ️ 群消息撤回：20'],
	[{ post_type: 'notice', notice_type: 'group_upload', file: { name: 'a.zip' } }, 'ℹ️ 群文件上传：20 · a.zip'],
	[{ post_type: 'notice', notice_type: 'brand_new' }, 'ℹ️ 收到通知：20'],
	[{ post_type: 'request', request_type: 'friend', comment: '我是小王' }, '我是小王'],
	[{ post_type: 'request', request_type: 'group', sub_type: 'add', comment: '' }, 'ℹ️ 申请加群：20'],
	[{ post_type: 'meta_event', meta_event_type: 'heartbeat' }, 'ℹ️ 机器人心跳：20'],
	[message({ type: 'face', data: { id: '1' } }), 'ℹ️ 表情'],
	[message({ type: 'json', data: { data: '{}' } }), 'ℹ️ 卡片消息'],
	[message({ type: 'brand_new', data: {} }), 'ℹ️ 一条没有文字的消息'],
	[message({ type: 'image', data: { file: 'a.jpg' } }), '🖼 图片'],
])('%j', (event, body) => expect(heard(event)?.body).toBe(body));

test('a picture goes along, alone or beside words', () => {
	const image = { type: 'image', data: { url: 'https://multimedia.nt.qq.com.cn/x', file: 'a.jpg' } };
	expect(heard(message(image))).toMatchObject({ body: '🖼 图片', image: { url: image.data.url } });
	expect(heard(message({ type: 'text', data: { text: '看' } }, image))).toMatchObject({
		body: '看',
		image: { url: image.data.url },
	});
});

test('all pictures go along', () => {
	const picture = (at: number) => ({ type: 'image', data: { url: `https://multimedia.nt.qq.com.cn/${at}` } });
	const told = heard(message(...[1, 2, 3].map(picture), { type: 'record', data: { file: 'a.amr' } }));
	expect(told).toMatchObject({
		body: '🖼 图片\n🎤 语音',
		image: { url: 'https://multimedia.nt.qq.com.cn/1' },
		attachments: [{ url: 'https://multimedia.nt.qq.com.cn/2' }, { url: 'https://multimedia.nt.qq.com.cn/3' }],
	});
	expect(heard(message({ type: 'text', data: { text: '看' } }, picture(1), picture(2)))).toMatchObject({
		body: '看',
		attachments: [{ url: 'https://multimedia.nt.qq.com.cn/2' }],
	});
	expect(heard(message(...Array.from({ length: 12 }, (_, at) => picture(at))))?.body).toBe('🖼 图片\n🖼 图片\n🖼 图片');
});

if (corpus !== undefined) {
	const folder = join(corpus, 'onebot');
	test('real events of OneBot', () => {
		for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')))
			for (const language of ['en', 'zh'] as const) {
				const event = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
				const body = hear(event, options, language, 0).happening?.message?.body;
				if (event.post_type !== 'message_sent')
					expect([file, body]).toEqual([file, expect.stringMatching(/\S/)]);
			}
	});
}
