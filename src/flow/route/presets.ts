import type { Text } from '../../core/base/language';

/** A row that is there already; an output of its own is called by its name. */
interface Ready {
	name: Text;
	cells: Readonly<Record<string, unknown>>;
}

const own = (zh: string, en: string, ...types: string[]): Ready => ({
	name: { en, zh },
	cells: { types: [...types, zh] },
});

/** Its notices have these words above them; its webhook tells the same by our types. What is left, 其它, comes out last. */
export const moviePilotRows: readonly Ready[] = [
	own('资源下载', 'Downloads', 'download.grabbed'),
	own('整理入库', 'Imported', 'library.*', 'download.imported', 'download.upgraded', 'subtitle.downloaded'),
	own('订阅', 'Watch list', 'watch.*'),
	own('站点', 'Sites', 'site.*'),
	own('媒体服务器', 'Media server', 'playback.*', 'item.*', 'user.*'),
	own('手动处理', 'Needs a person', 'download.attention', 'download.failed', 'subtitle.failed'),
	own('插件', 'Plugins', 'plugin.*'),
	own('智能体', 'Agent'),
];

/** Who started the task, and how it ended. */
export const qdRows: readonly Ready[] = [
	ofQd({ en: 'Manual, done', zh: '手动成功' }, 'manual', 'success'),
	ofQd({ en: 'Manual, failed', zh: '手动失败' }, 'manual', 'failure'),
	ofQd({ en: 'Automatic, done', zh: '自动成功' }, 'automatic', 'success'),
	ofQd({ en: 'Automatic, failed', zh: '自动失败' }, 'automatic', 'failure'),
];

function ofQd(name: Text, origin: 'manual' | 'automatic', level: 'success' | 'failure'): Ready {
	return { name, cells: { sources: ['qd'], origin, levels: [level] } };
}

const ofTautulli = (en: string, zh: string, ...types: string[]): Ready => ({
	name: { en, zh },
	cells: { sources: ['tautulli'], types },
});

export const tautulliRows: readonly Ready[] = [
	ofTautulli('Recently added', '最近添加', 'library.added'),
	ofTautulli('Playback', '播放', 'playback.*'),
	ofTautulli('Server', '服务器', 'system.*', 'user.*', 'device.*'),
];
