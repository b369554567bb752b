import type { EventType } from './event';
import type { Level } from './message';

/**
 * How each happening is told: `{name}` is a value, `[…]` falls away where a value in it is missing.
 * Values: user, item, device, server, count, kind, icon, watching, watched (with ears, for music), and the names of facts.
 */
export interface Sentence {
	level: Level;
	en: string;
	zh: string;
}

const say = (level: Level, en: string, zh: string): Sentence => ({ level, en, zh });

export const sentences: Readonly<Record<EventType, Sentence>> = {
	'library.added': say(
		'success',
		'{icon} New {kind}: {item}[ ({count} items)]',
		'{icon} 新{kind}入库：{item}[（共 {count} 项）]',
	),
	'library.updated': say('info', '{icon} Updated in the library: {item}', '{icon} 媒体库更新：{item}'),
	'library.deleted': say('warning', '🗑 Removed from the library: {item}', '🗑 已从媒体库删除：{item}'),
	'playback.started': say(
		'info',
		'▶ {user} is {watching} {item}[ on {device}]',
		'▶ {user} [在 {device} 上]开始播放 {item}',
	),
	'playback.paused': say('info', '⏸ {user} paused {item}[ on {device}]', '⏸ {user} [在 {device} 上]暂停了 {item}'),
	'playback.resumed': say(
		'info',
		'▶ {user} went on with {item}[ on {device}]',
		'▶ {user} [在 {device} 上]继续播放 {item}',
	),
	'playback.progress': say(
		'info',
		'▶ {user} is {watching} {item}[ on {device}]',
		'▶ {user} 正在[用 {device} ]{watching} {item}',
	),
	'playback.stopped': say(
		'info',
		'⏹ {user} stopped {item}[ on {device}]',
		'⏹ {user} [在 {device} 上]停止播放 {item}',
	),
	'playback.finished': say(
		'info',
		'✅ {user} finished {item}[ on {device}]',
		'✅ {user} [在 {device} 上]{watched}完了 {item}',
	),
	'playback.failed': say(
		'failure',
		'⚠️ Playback trouble: {user}, {item}[ on {device}]',
		'⚠️ 播放出错：{user}，{item}[（{device}）]',
	),
	'playback.changed': say(
		'info',
		'🔀 The stream of {user} changed: {item}[ on {device}]',
		'🔀 {user} 的播放流有变化：{item}[（{device}）]',
	),
	'playback.concurrent': say(
		'warning',
		'👥 {user} is streaming on several devices[: {item}]',
		'👥 {user} 正在多台设备上同时播放[：{item}]',
	),
	'item.rated': say('info', '⭐ {user} rated {item}[: {rating}]', '⭐ {user} 给 {item} 评分[：{rating}]'),
	'item.favorited': say('info', '❤️ {user} added {item} to the favourites', '❤️ {user} 收藏了 {item}'),
	'item.unfavorited': say('info', '💔 {user} removed {item} from the favourites', '💔 {user} 取消收藏 {item}'),
	'item.played': say('info', '✅ {user} marked {item} as watched', '✅ {user} 将 {item} 标记为已看'),
	'item.unplayed': say('info', '↩️ {user} marked {item} as unwatched', '↩️ {user} 将 {item} 标记为未看'),
	'item.saved': say('info', '💾 Watch state of {user} saved: {item}', '💾 已保存 {user} 的观看记录：{item}'),
	'subtitle.downloaded': say('success', '💬 Subtitles downloaded: {item}', '💬 字幕已下载：{item}'),
	'subtitle.failed': say('failure', '💬 Subtitle download failed: {item}', '💬 字幕下载失败：{item}'),
	'user.loggedIn': say('info', '🔓 {user} logged in[ on {device}]', '🔓 {user} [在 {device} 上]登录'),
	'user.loginFailed': say(
		'warning',
		'🚫 Failed login[: {user}][ on {device}]',
		'🚫 登录失败[：{user}][（{device}）]',
	),
	'user.lockedOut': say('warning', '🔒 {user} is locked out', '🔒 用户 {user} 已被锁定'),
	'user.created': say('info', '👤 New user: {user}', '👤 新建用户：{user}'),
	'user.deleted': say('warning', '👤 User deleted: {user}', '👤 已删除用户：{user}'),
	'user.updated': say('info', '👤 User changed: {user}', '👤 用户信息变更：{user}'),
	'user.passwordChanged': say('warning', '🔑 Password changed: {user}', '🔑 {user} 的密码已修改'),
	'session.started': say('info', '🔌 {user} connected[ with {device}]', '🔌 {user} [使用 {device} ]已连接'),
	'device.added': say('info', '📱 New device[: {device}][ of {user}]', '📱 新设备[：{device}][（{user}）]'),
	'device.uploaded': say('info', '📷 Pictures uploaded[ from {device}]', '📷 [{device} ]上传了照片'),
	'livetv.recordingStarted': say('info', '⏺ Recording: {item}', '⏺ 开始录制：{item}'),
	'livetv.recordingEnded': say('success', '⏹ Recorded: {item}', '⏹ 录制完成：{item}'),
	'livetv.recordingFailed': say('failure', '⚠️ Recording failed: {item}', '⚠️ 录制失败：{item}'),
	'livetv.timerCreated': say('info', '⏰ Recording scheduled: {item}', '⏰ 已预约录制：{item}'),
	'livetv.timerCancelled': say('info', '⏰ Recording cancelled: {item}', '⏰ 已取消录制：{item}'),
	'download.grabbed': say('info', '⬇️ Downloading {item}', '⬇️ 开始下载：{item}'),
	'download.imported': say(
		'success',
		'{icon} Downloaded: {item}[ ({count} files)]',
		'{icon} 下载完成：{item}[（{count} 个文件）]',
	),
	'download.upgraded': say('success', '⬆️ Upgraded: {item}[ to {quality}]', '⬆️ 洗版完成：{item}[（{quality}）]'),
	'download.failed': say('failure', '❌ Download failed: {item}', '❌ 下载失败：{item}'),
	'download.attention': say('warning', '✋ The download of {item} needs you', '✋ 下载需要手动处理：{item}'),
	'file.renamed': say('info', '✏️ Files renamed: {item}', '✏️ 文件已重命名：{item}'),
	'file.retagged': say('info', '🏷 Tags rewritten: {item}', '🏷 标签已更新：{item}'),
	'file.deleted': say('warning', '🗑 File deleted: {item}', '🗑 文件已删除：{item}'),
	'watch.added': say('info', '👀 Now watching for {item}', '👀 已订阅：{item}'),
	'watch.deleted': say('warning', '👀 No longer watching for {item}', '👀 已取消订阅：{item}'),
	'watch.completed': say('success', '🏁 All there: {item}', '🏁 订阅完成：{item}'),
	'request.pending': say(
		'info',
		'🙋 [{requestedBy} asks for ]{item}[ in {quality}]',
		'🙋 [{requestedBy} ]请求 {item}[（{quality}）]',
	),
	'request.approved': say(
		'success',
		'👍 Request approved: {item}[ in {quality}][ for {requestedBy}]',
		'👍 求片已批准：{item}[（{quality}）][（{requestedBy}）]',
	),
	'request.declined': say(
		'warning',
		'👎 Request declined: {item}[ in {quality}][ for {requestedBy}]',
		'👎 求片被拒绝：{item}[（{quality}）][（{requestedBy}）]',
	),
	'request.failed': say(
		'failure',
		'❌ Request failed: {item}[ in {quality}][ for {requestedBy}]',
		'❌ 求片处理失败：{item}[（{quality}）][（{requestedBy}）]',
	),
	'request.available': say(
		'success',
		'{icon} Ready to watch: {item}[ in {quality}][ for {requestedBy}]',
		'{icon} 现已可观看：{item}[（{quality}）][（{requestedBy} 请求）]',
	),
	'issue.created': say(
		'warning',
		'🛠 {user} reports a problem[ ({issue})]: {item}',
		'🛠 {user} 反馈问题[（{issue}）]：{item}',
	),
	'issue.commented': say('info', '💬 {user} comments on {item}', '💬 {user} 评论了 {item} 的问题'),
	'issue.resolved': say('success', '✅ Problem solved: {item}', '✅ 问题已解决：{item}'),
	'issue.reopened': say('warning', '🛠 Problem reopened: {item}', '🛠 问题重新打开：{item}'),
	'task.started': say('info', '⚙️ Task started[: {task}]', '⚙️ 任务开始[：{task}]'),
	'task.progress': say('info', '⚙️ Task goes on[: {task}]', '⚙️ 任务进行中[：{task}]'),
	'task.completed': say('success', '✅ Task completed[: {task}]', '✅ 任务完成[：{task}]'),
	'task.partial': say('warning', '⚠️ Task partly completed[: {task}]', '⚠️ 任务部分完成[：{task}]'),
	'task.failed': say('failure', '❌ Task failed[: {task}]', '❌ 任务失败[：{task}]'),
	'task.cancelled': say('warning', '🚫 Task cancelled[: {task}]', '🚫 任务已取消[：{task}]'),
	'monitor.down': say('failure', '🔴 {monitor} is down', '🔴 {monitor} 已离线'),
	'monitor.up': say('success', '🟢 {monitor} is up again', '🟢 {monitor} 已恢复'),
	'monitor.warning': say('warning', '🟡 {monitor} needs attention', '🟡 {monitor} 需要关注'),
	'alert.firing': say('failure', '🚨 Alert[: {monitor}]', '🚨 告警[：{monitor}]'),
	'alert.resolved': say('success', '✅ Alert resolved[: {monitor}]', '✅ 告警恢复[：{monitor}]'),
	'plugin.installed': say(
		'success',
		'🧩 Plugin installed[: {plugin}][ {version}]',
		'🧩 插件已安装[：{plugin}][ {version}]',
	),
	'plugin.updated': say(
		'success',
		'🧩 Plugin updated[: {plugin}][ {version}]',
		'🧩 插件已更新[：{plugin}][ {version}]',
	),
	'plugin.uninstalled': say('info', '🧩 Plugin uninstalled[: {plugin}]', '🧩 插件已卸载[：{plugin}]'),
	'plugin.failed': say('failure', '🧩 Plugin installation failed[: {plugin}]', '🧩 插件安装失败[：{plugin}]'),
	'plugin.cancelled': say('warning', '🧩 Plugin installation cancelled[: {plugin}]', '🧩 插件安装已取消[：{plugin}]'),
	'plugin.installing': say(
		'info',
		'🧩 Installing plugin[ {plugin}][ {version}]',
		'🧩 正在安装插件[ {plugin}][ {version}]',
	),
	'system.started': say('info', '🟢 {server} has started', '🟢 {server} 已启动'),
	'system.stopping': say('warning', '🔴 {server} is shutting down', '🔴 {server} 正在关闭'),
	'system.restartRequired': say('warning', '🔄 {server} needs a restart', '🔄 {server} 需要重启'),
	'system.updateAvailable': say('info', '⬆️ Update for {server}[: {version}]', '⬆️ {server} 有可用更新[：{version}]'),
	'system.updated': say('success', '⬆️ {server} was updated[ to {version}]', '⬆️ {server} 已更新[至 {version}]'),
	'system.unhealthy': say('failure', '🩺 {server} has a problem', '🩺 {server} 出现问题'),
	'system.healthy': say('success', '🩺 {server} is well again', '🩺 {server} 已恢复正常'),
	'system.backup': say('success', '💾 {server} backed up its database', '💾 {server} 已备份数据库'),
	'system.corrupted': say('failure', '⚠️ The database of {server} is damaged', '⚠️ {server} 的数据库已损坏'),
	'system.notice': say('info', 'ℹ️ Notice from {server}', 'ℹ️ {server} 通知'),
	'system.test': say('info', '🔔 Test: {server} reaches you', '🔔 测试通知：{server} 已接通'),
	message: say('info', 'ℹ️ Message[ from {server}]', 'ℹ️ [{server} ]消息'),
};

/** For events that nobody has named yet. */
export const unknownSentence = say('info', 'ℹ️ {type}[: {item}][ ({user})]', 'ℹ️ {type}[：{item}][（{user}）]');

/** What stands in for a value that a sentence needs and an event lacks. */
export const fallbacks: Readonly<Record<string, readonly [en: string, zh: string]>> = {
	user: ['Someone', '有人'],
	item: ['something', '某个内容'],
	server: ['the server', '服务器'],
	monitor: ['A service', '某个服务'],
};

/** What one does with most kinds, and with music. */
export const verbs = {
	eyes: { watching: ['watching', '观看'], watched: ['watched', '看'] },
	ears: { watching: ['listening to', '收听'], watched: ['heard', '听'] },
} as const;

/** As they stand within a sentence. */
export const kindWords: Readonly<Record<string, readonly [icon: string, en: string, zh: string]>> = {
	movie: ['🎬', 'movie', '电影'],
	series: ['📺', 'series', '剧集'],
	season: ['📺', 'season', '剧集'],
	episode: ['📺', 'episode', '剧集'],
	album: ['🎵', 'album', '专辑'],
	track: ['🎵', 'track', '歌曲'],
	artist: ['🎵', 'artist', '艺术家'],
	book: ['📚', 'book', '书籍'],
	photo: ['🖼', 'photo', '照片'],
	channel: ['📡', 'TV programme', '电视节目'],
	other: ['📦', 'item', '内容'],
};
