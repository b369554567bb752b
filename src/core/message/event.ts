import type { Audience, Origin } from './synonyms';

export type ItemKind =
	'movie' | 'series' | 'season' | 'episode' | 'album' | 'track' | 'artist' | 'book' | 'photo' | 'channel' | 'other';

export const itemKinds: Readonly<Record<ItemKind, readonly [en: string, zh: string]>> = {
	movie: ['Movie', '电影'],
	series: ['Series', '剧集'],
	season: ['Season', '季'],
	episode: ['Episode', '单集'],
	album: ['Album', '专辑'],
	track: ['Track', '歌曲'],
	artist: ['Artist', '艺术家'],
	book: ['Book', '书籍'],
	photo: ['Photo', '照片'],
	channel: ['TV channel', '电视频道'],
	other: ['Other', '其他'],
};

/** What senders tell, in one vocabulary. Filters, templates and documentation are made from this list. */
export const eventTypes = {
	'library.added': ['Added to the library', '媒体入库'],
	'library.updated': ['Changed in the library', '媒体更新'],
	'library.deleted': ['Deleted from the library', '媒体删除'],
	'playback.started': ['Playback started', '开始播放'],
	'playback.paused': ['Playback paused', '暂停播放'],
	'playback.resumed': ['Playback resumed', '继续播放'],
	'playback.progress': ['Playback progress', '播放进度'],
	'playback.stopped': ['Playback stopped', '停止播放'],
	'playback.finished': ['Watched to the end', '播放完成'],
	'playback.failed': ['Playback failed or stalled', '播放出错或卡顿'],
	'playback.changed': ['Stream changed', '播放流变化'],
	'playback.concurrent': ['Too many streams of one user', '同一用户同时播放'],
	'item.rated': ['Rated', '评分'],
	'item.favorited': ['Added to favourites', '加入收藏'],
	'item.unfavorited': ['Removed from favourites', '取消收藏'],
	'item.played': ['Marked as watched', '标记为已看'],
	'item.unplayed': ['Marked as unwatched', '标记为未看'],
	'item.saved': ['User data saved', '保存观看数据'],
	'subtitle.downloaded': ['Subtitles downloaded', '字幕已下载'],
	'subtitle.failed': ['Subtitle download failed', '字幕下载失败'],
	'user.loggedIn': ['User logged in', '用户登录'],
	'user.loginFailed': ['Login failed', '登录失败'],
	'user.lockedOut': ['User locked out', '用户被锁定'],
	'user.created': ['User created', '新建用户'],
	'user.deleted': ['User deleted', '删除用户'],
	'user.updated': ['User changed', '用户变更'],
	'user.passwordChanged': ['Password changed', '密码修改'],
	'session.started': ['Session started', '会话开始'],
	'device.added': ['New device', '新设备'],
	'device.uploaded': ['Camera upload', '相机上传'],
	'livetv.recordingStarted': ['Recording started', '开始录制'],
	'livetv.recordingEnded': ['Recording ended', '录制结束'],
	'livetv.recordingFailed': ['Recording failed', '录制失败'],
	'livetv.timerCreated': ['Recording scheduled', '新建录制计划'],
	'livetv.timerCancelled': ['Recording cancelled', '取消录制计划'],
	'download.grabbed': ['Download started', '开始下载'],
	'download.imported': ['Downloaded and imported', '下载并入库'],
	'download.upgraded': ['Upgraded to a better version', '洗版升级'],
	'download.failed': ['Download failed', '下载失败'],
	'download.attention': ['Download needs a person', '下载需要人工处理'],
	'file.renamed': ['Files renamed', '文件重命名'],
	'file.retagged': ['Files tagged anew', '标签更新'],
	'file.deleted': ['File deleted', '文件删除'],
	'watch.added': ['Added to the watch list', '加入订阅'],
	'watch.deleted': ['Removed from the watch list', '移除订阅'],
	'watch.completed': ['Watch list entry complete', '订阅完成'],
	'request.pending': ['Request waits for approval', '求片待审批'],
	'request.approved': ['Request approved', '求片已批准'],
	'request.declined': ['Request declined', '求片被拒绝'],
	'request.failed': ['Request failed', '求片失败'],
	'request.available': ['Request available', '求片已可观看'],
	'issue.created': ['Issue reported', '问题反馈'],
	'issue.commented': ['Comment on an issue', '问题评论'],
	'issue.resolved': ['Issue resolved', '问题已解决'],
	'issue.reopened': ['Issue reopened', '问题重新打开'],
	'task.started': ['Task started', '任务开始'],
	'task.progress': ['Task progress', '任务进展'],
	'task.completed': ['Task completed', '任务完成'],
	'task.partial': ['Task partly completed', '任务部分完成'],
	'task.failed': ['Task failed', '任务失败'],
	'task.cancelled': ['Task cancelled', '任务取消'],
	'monitor.down': ['Monitored service is down', '监控目标离线'],
	'monitor.up': ['Monitored service is up', '监控目标恢复'],
	'monitor.warning': ['Monitor warning', '监控提醒'],
	'alert.firing': ['Alert firing', '告警触发'],
	'alert.resolved': ['Alert resolved', '告警恢复'],
	'plugin.installed': ['Plugin installed', '插件已安装'],
	'plugin.updated': ['Plugin updated', '插件已更新'],
	'plugin.uninstalled': ['Plugin uninstalled', '插件已卸载'],
	'plugin.failed': ['Plugin installation failed', '插件安装失败'],
	'plugin.cancelled': ['Plugin installation cancelled', '插件安装取消'],
	'plugin.installing': ['Plugin is being installed', '插件安装中'],
	'system.started': ['Server started', '服务启动'],
	'system.stopping': ['Server shutting down', '服务关闭'],
	'system.restartRequired': ['Restart required', '需要重启'],
	'system.updateAvailable': ['Update available', '有可用更新'],
	'system.updated': ['Updated', '已更新'],
	'system.unhealthy': ['Health problem', '健康问题'],
	'system.healthy': ['Health restored', '健康恢复'],
	'system.backup': ['Database backed up', '数据库已备份'],
	'system.corrupted': ['Database corrupted', '数据库损坏'],
	'system.notice': ['Notice', '系统通知'],
	'system.test': ['Test', '测试通知'],
	message: ['Message of a script or custom sender', '脚本或自定义消息'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string]>>;

/** What their first parts are called. */
export const eventSubjects: Readonly<Record<string, readonly [en: string, zh: string]>> = {
	library: ['Library', '媒体库'],
	playback: ['Playback', '播放'],
	item: ['Ratings and watched', '评分与观看标记'],
	subtitle: ['Subtitles', '字幕'],
	user: ['Users', '用户'],
	session: ['Sessions', '会话'],
	device: ['Devices', '设备'],
	livetv: ['Live TV', '电视直播'],
	download: ['Downloads', '下载'],
	file: ['Files', '文件'],
	watch: ['Watch list', '订阅'],
	request: ['Requests', '求片'],
	issue: ['Issues', '问题反馈'],
	task: ['Tasks', '任务'],
	monitor: ['Monitors', '监控'],
	alert: ['Alerts', '告警'],
	plugin: ['Plugins', '插件'],
	system: ['Server', '服务器'],
	message: ['Messages', '消息'],
};

export type EventType = keyof typeof eventTypes;

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventTypes, type);

/** Small print of a happening, each with a label in both languages. */
export const factLabels = {
	release: ['Release', '发布名'],
	quality: ['Quality', '画质'],
	size: ['Size', '大小'],
	group: ['Group', '制作组'],
	indexer: ['Indexer', '索引器'],
	client: ['Download client', '下载器'],
	reason: ['Reason', '原因'],
	version: ['Version', '版本'],
	previousVersion: ['Previous version', '旧版本'],
	requestedBy: ['Requested by', '请求者'],
	issue: ['Issue', '问题类型'],
	comment: ['Comment', '评论'],
	seasons: ['Seasons', '季'],
	status: ['Status', '状态'],
	rating: ['Rating given', '打分'],
	task: ['Task', '任务'],
	plugin: ['Plugin', '插件'],
	monitor: ['Monitor', '监控项'],
	ping: ['Response time', '响应时间'],
	value: ['Value', '数值'],
	site: ['Site', '站点'],
	files: ['Files', '文件'],
	channel: ['Channel', '频道'],
	airing: ['Time', '时间'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string]>>;

export type FactName = keyof typeof factLabels;

/** What happened on a media server or download tool, whoever told it. */
export interface MediaEvent {
	/** The sender's id: 'emby', 'jellyfin', 'plex', 'sonarr' … */
	source: string;
	/** Canonical: 'library.added', 'playback.started' … see `eventTypes`. Unknown ones keep the sender's name in lower case. */
	type: string;
	rawType: string;
	/** ISO 8601. */
	time: string;
	server?: { name?: string; id?: string; url?: string };
	user?: { id?: string; name?: string };
	device?: { name?: string; client?: string; address?: string };
	item?: MediaItem;
	playback?: { /** s */ position?: number; percent?: number; paused?: boolean; method?: string };
	/** Who started it, where that is told: 'manual' or 'automatic'. */
	origin?: Origin;
	/** Whom its sender tells it to: 'admin' or 'user'. */
	audience?: Audience;
	/** How many items one event stands for. */
	count?: number;
	/** The sender's own words where it has any that are worth reading. */
	text?: string;
	/** What sets it apart from another that reads the same: the time of a heartbeat, an alert's start. */
	moment?: string;
	/** The id of this happening: delivered again it has the same one. Not for readers. */
	happening?: string;
	/** Small print: quality, size, reason … */
	facts?: Partial<Record<FactName, string>>;
	raw: unknown;
}

export interface MediaItem {
	kind: ItemKind;
	title: string;
	/** The server's own id. */
	id?: string;
	series?: string;
	season?: number;
	episode?: number;
	episodeEnd?: number;
	/** Where they do not follow each other: each of them, in order. */
	episodes?: number[];
	/** Where it spans seasons: what it holds of those after the first, in order. */
	furtherSeasons?: Pick<MediaItem, 'season' | 'episode' | 'episodeEnd' | 'episodes'>[];
	year?: number;
	overview?: string;
	/** s */
	runtime?: number;
	genres?: string[];
	/** 0–10 */
	rating?: number;
	ids: { imdb?: string; tmdb?: string; tvdb?: string };
	/** Where the ids are not the item's own: an episode told with its series' ids. */
	idsOf?: 'series';
	path?: string;
	library?: string;
	album?: string;
	artist?: string;
	/** Where it can be fetched (by us alone where it is private), or the bytes that came along. */
	poster?: { url: string } | { data: Uint8Array; mime: string };
	/** The item's page on the server. */
	url?: string;
}
