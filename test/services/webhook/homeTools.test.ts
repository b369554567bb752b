import type { Sender } from '../../../src/core/define/sender';
import { senders } from '../../../src/services/senders';
import { knownBodies } from '../../laws/bodies';
import { receive, receiveOne } from './receiving';

const ids = [
	...[
		'bazarr',
		'healthchecks',
		'proxmox',
		'homeAssistant',
		'immich',
		'audiobookshelf',
		'qbittorrent',
		'transmission',
	],
	'synologyDsm',
];
const bodies = knownBodies(ids);
const bodyOf = (id: string, name: string) => bodies.find((one) => one.sender === id && one.name === name)!.value;

const film = 'Metropolis.1927.1080p.BluRay.x264-REEL';

/** Sender, body; type and level; the title in both languages, and words of the text. */
test.each<[string, string, string, string, string, string, string]>([
	['bazarr', 'episode', 'subtitle.downloaded success', '💬 Subtitles downloaded: The Night Reels S02E05 · Cellars : The Second', '💬 字幕已下载：The Night Reels S02E05 · Cellars : The Second', 'score of 96.67%', '匹配度 96.67%'],
	['bazarr', 'film', 'subtitle.downloaded success', '💬 Subtitles downloaded: Metropolis (1927)', '💬 字幕已下载：Metropolis (1927)', 'upgraded from zimuku', 'Chinese 字幕已升级'],
	['bazarr', 'by hand', 'subtitle.downloaded success', '💬 Subtitles downloaded: Metropolis (1927)', '💬 字幕已下载：Metropolis (1927)', 'manually uploaded', 'German 字幕已手动上传'],
	['bazarr', 'test', 'system.test info', '🔔 Test: Bazarr reaches you', '🔔 测试通知：Bazarr 已接通', 'Test', 'Test'],
	['healthchecks', 'the template of its page', 'monitor.down failure', '🔴 Backup of the nas is down', '🔴 Backup of the nas 已离线', 'restic', 'restic'],
	['healthchecks', '$JSON alone', 'monitor.up success', '🟢 Backup of the nas is up again', '🟢 Backup of the nas 已恢复', '0 3 * * * · Europe/Rome', 'Europe/Rome'],
	['proxmox', 'backup', 'task.completed success', '💾 pve1: backup finished', '💾 pve1：备份完成', 'Total size: 12.001 GiB', '12.001 GiB'],
	['proxmox', 'backup failed', 'task.failed failure', '❌ pve1: backup failed', '❌ pve1：备份失败', "unable to activate storage 'films'", 'unable'],
	['proxmox', 'replication', 'task.failed failure', '❌ pve1: replication failed', '❌ pve1：存储复制失败', 'exit code 1', 'pve2'],
	['proxmox', 'updates', 'system.updateAvailable info', '⬆️ pve1: updates available', '⬆️ pve1：有可用更新', 'reel', 'reel'],
	['proxmox', 'fencing', 'system.unhealthy failure', '🚨 pve2 was fenced', '🚨 pve2 已被隔离', 'manual intervention', 'manual'],
	['proxmox', 'mail', 'system.unhealthy failure', 'SMART error (CurrentPendingSector) detected on host: pve1', 'SMART error (CurrentPendingSector) detected on host: pve1', 'pending', 'sectors'],
	['proxmox', 'backup server', 'task.failed failure', '❌ pbs: verification failed', '❌ pbs：校验失败', 'vm/100', 'films'],
	['proxmox', 'a template without fields', 'task.completed success', '💾 pve1: backup finished', '💾 pve1：备份完成', 'ok', 'ok'],
	['proxmox', 'test', 'system.test info', '🔔 Test: Proxmox reaches you', '🔔 测试通知：Proxmox 已接通', 'carillon', 'carillon'],
	['homeAssistant', 'notify', 'message warning', 'Front door', 'Front door', '10 minutes', '10 minutes'],
	['homeAssistant', 'state_changed', 'system.notice info', '🏠 Front door', '🏠 Front door', 'closed → open', '关闭 → 打开'],
	['homeAssistant', 'another event', 'system.notice info', '🏠 Lights at dusk', '🏠 Lights at dusk', 'state of sun.sun', 'sun.sun'],
	['homeAssistant', 'trigger', 'system.notice info', '🏠 Freezer', '🏠 Freezer', '-12.5 °C → -9.8 °C', '-9.8 °C'],
	['homeAssistant', 'as for its apps', 'message failure', 'Camera', 'Camera', 'at the door', 'door'],
	['immich', 'AssetCreate', 'library.added success', '🖼 New photo: IMG_0042.JPG', '🖼 新照片入库：IMG_0042.JPG', '📍 Turin, Italy', 'On the roof'],
	['immich', 'PersonRecognized', 'library.updated info', '🖼 Updated in the library: IMG_0042.JPG', '🖼 媒体库更新：IMG_0042.JPG', '👤 Maria is in it', '👤 识别到 Maria'],
	['audiobookshelf', 'onPodcastEpisodeDownloaded', 'library.added success', '📺 New episode: Night Reels · 12: Of Cellars', '📺 新剧集入库：Night Reels · 12: Of Cellars', 'Podcasts', 'Podcasts'],
	['audiobookshelf', 'onBackupCompleted', 'system.backup success', '💾 Audiobookshelf backed up its database', '💾 Audiobookshelf 已备份数据库', '1289748 bytes', 'Count: 2'],
	['audiobookshelf', 'onBackupFailed', 'task.failed failure', '❌ Task failed: Backup', '❌ 任务失败：备份', 'No space left', 'No space'],
	['audiobookshelf', 'onRSSFeedFailed', 'task.failed failure', '❌ Task failed: RSS', '❌ 任务失败：RSS', 'Night Reels', 'attempts: 3'],
	['qbittorrent', 'finished', 'download.imported success', `✅ Download finished: ${film}`, `✅ 下载完成：${film}`, 'tracker.example.com', '8.0 GB'],
	['qbittorrent', 'added', 'download.grabbed info', `⬇️ Download started: ${film}`, `⬇️ 开始下载：${film}`, '4k,reel', '4k,reel'],
	['qbittorrent', 'another script\'s', 'download.imported success', '✅ Download finished: Metropolis', '✅ 下载完成：Metropolis', '1.0 MB', 'films'],
	['transmission', 'finished', 'download.imported success', `✅ Download finished: ${film}`, `✅ 下载完成：${film}`, '8.0 GB', '/downloads/films'],
	['transmission', 'its environment', 'download.imported success', '✅ Download finished: Metropolis', '✅ 下载完成：Metropolis', '/downloads', '/downloads'],
	['synologyDsm', 'the template of its page', 'system.unhealthy failure', 'nas', 'nas', 'degraded', 'degraded'],
	['synologyDsm', 'in Chinese', 'system.unhealthy failure', 'nas', 'nas', '损毁', '损毁'],
	['synologyDsm', 'its own names', 'task.completed success', 'nas', 'nas', 'finished successfully', 'Films'],
	['synologyDsm', 'space', 'system.notice warning', 'nas', 'nas', 'running low', 'disk space'],
])('%s: %s', (id, name, kind, english, chinese, words, chineseWords) => {
	for (const [language, title, text] of [['en', english, words], ['zh', chinese, chineseWords]] as const) {
		const { event, message } = receiveOne(bodyOf(id, name), { language });
		expect(event.source).toBe(id);
		expect(`${message.type} ${message.level}`).toBe(kind);
		// What has no text has its title for one.
		expect(message.title ?? message.body).toBe(title);
		const shown = [message.body, ...(message.fields ?? []).map(({ value }) => value)].join('\n').replaceAll('\\', '');
		expect(shown).toContain(text);
	}
}); // prettier-ignore

test('who can report for a check, whom Apprise shall ring and what a tracker knows its user by is nobody’s to read', () => {
	for (const { sender, value } of bodies.filter((one) => ids.includes(one.sender)))
		for (const { message } of receive(value).events) {
			const shown = JSON.stringify(message);
			for (const secret of ['6f9619ff', 'P4ss', '5ecretPasskey', 'S3cretToken'])
				expect([sender, shown.includes(secret)]).toEqual([sender, false]);
		}
});

test('an app of Home Assistant would obey; nobody is rung', () => {
	const command = { source: 'home-assistant', message: 'clear_notification', data: { tag: 'door' } };
	expect(receive(command).events).toEqual([]);
	expect(receiveOne({ ...command, message: 'clear the table' }).message.body).toBe('clear the table');
});

test('what Home Assistant sends under names of its user’s is known by its client', () => {
	const headers = { 'user-agent': 'HomeAssistant/2026.1.0 httpx/0.28.1 Python/3.13' };
	const { event, message } = receiveOne({ message: 'Rain is coming', title: 'Weather' }, { request: { headers } });
	expect([event.source, message.title, message.body]).toEqual(['homeAssistant', 'Weather', 'Rain is coming']);
});

test('pictures of Immich are where the account says', () => {
	const account = { access: 'open', serverUrl: 'https://photos.example.com', serverKey: 'k3y', language: 'en' };
	const options = { linkUrl: 'https://photos.example.com' };
	const { event } = receiveOne(bodyOf('immich', 'AssetCreate'), { account, options });
	const id = '8e0b2c9e-7a56-4b1d-9a53-1f2f6a0f7d11';
	expect(event.item).toMatchObject({
		poster: { url: `https://photos.example.com/api/assets/${id}/thumbnail?size=preview&apiKey=k3y` },
		url: `https://photos.example.com/photos/${id}`,
	});
});

test('Bazarr and Audiobookshelf at the addresses of Apprise', () => {
	const given = { account: { key: 'k3y' }, request: { path: '/notify/k3y' } };
	expect(receiveOne(bodyOf('audiobookshelf', 'onTest'), given).event.source).toBe('audiobookshelf');
	expect(receiveOne(bodyOf('bazarr', 'film'), given).event.source).toBe('bazarr');
	const own = { urls: 'json://x', title: 'A title of my own', body: 'The text' };
	expect(receiveOne(own, given)).toMatchObject({
		event: { source: 'apprise' },
		message: { title: 'A title of my own', body: 'The text' },
	});
});

/** What each tool puts in place of what its language has. */
const filled: Readonly<Record<string, (template: string) => string>> = {
	healthchecks: (text) =>
		text
			.replace('$JSON', JSON.stringify((bodyOf('healthchecks', 'the template of its page') as { check: object }).check))
			.replace('$STATUS', 'down')
			.replace('$NOW', '2026-01-02T04:00:00+00:00'),
	proxmox: (text) => {
		const { title, message, severity, timestamp, fields } = bodyOf('proxmox', 'backup failed') as Record<string, unknown>;
		return text
			.replace('{{ escape title }}', () => JSON.stringify(title).slice(1, -1))
			.replace('{{ escape message }}', () => JSON.stringify(message).slice(1, -1))
			.replace('{{ severity }}', String(severity))
			.replace('{{ timestamp }}', String(timestamp))
			.replace('{{ json fields }}', JSON.stringify(fields));
	},
	synologyDsm: (text) => text.replace('@@PREFIX@@', '[nas]').replace('@@TEXT@@', 'Volume 1 has degraded.'),
	qbittorrent: formOf({ '%N': film, '%L': 'films', '%G': '', '%D': '/downloads', '%C': '2', '%Z': '1048576', '%T': '', '%I': 'a'.repeat(40) }),
	transmission: formOf({ $TR_TORRENT_NAME: film, $TR_TORRENT_DIR: '/downloads' }),
	homeAssistant: (text) =>
		text.startsWith('notify:')
			? JSON.stringify({ message: 'm', title: 't', source: /^\s+source: (\S+)/m.exec(text)![1], image: '', url: '', level: '' })
			: /payload: '(.*)'$/m
					.exec(text)![1]!
					.replace('{{ trigger | to_json }}', () =>
						JSON.stringify((bodyOf('homeAssistant', 'trigger') as { trigger: object }).trigger),
					),
}; // prettier-ignore

/** What curl makes of the command. */
function formOf(values: Readonly<Record<string, string>>) {
	return (command: string) =>
		new URLSearchParams(
			[...command.matchAll(/--data-urlencode "([^"=]+)=([^"]*)"/g)].map(([, name, value]): [string, string] => [
				name!,
				values[value!] ?? (/^[%$]/.test(value!) ? '' : value!),
			]),
		).toString();
}

const pasted = (senders as readonly Sender[]).flatMap(({ id, paste = [] }) =>
	paste.map(({ into, text, as }): [string, string, string, string] => [id, into.en, text, as]),
);

test.each(pasted)('%s: what its page gives to paste is read (%s)', (id, _, text, as) => {
	const body = filled[id]!(text);
	const contentType = as === 'sh' ? 'application/x-www-form-urlencoded' : 'application/json';
	const { event, message } = receiveOne(body, { contentType });
	expect(event.source).toBe(id);
	expect(message.type).not.toBe(undefined);
	expect(JSON.stringify(message)).not.toMatch(/\{\{|@@|%[A-Z]\b|\$[A-Z]/);
});
