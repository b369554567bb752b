import type { Format } from '../markup/format';

export type Level = 'info' | 'success' | 'warning' | 'failure';

const levels: Readonly<Record<Level, string>> = {
	info: 'info information informational informative notice note normal default none log debug trace verbose low pending started starting running scheduled queued 一般 信息 通知 提示 普通 调试',
	success:
		'success successful successfully succeeded succeed ok okay good pass passed passing up done complete completed finished resolved recovered recovery healthy green online available restored fixed closed inactive 成功 正常 恢复 已恢复 完成 在线 通过',
	warning:
		'warning warn warnings caution attention medium moderate minor degraded unstable yellow orange nodata stale paused skipped partial unknown important p2 p3 sev2 sev3 s2 s3 警告 告警 注意 预警 提醒',
	failure:
		'failure fail failed failing failures error errors err critical crit fatal severe major high alert alerting firing emergency emerg panic exception danger down broken unhealthy red offline unavailable unreachable timeout timedout crash crashed aborted blocker urgent disaster problem p0 p1 sev0 sev1 s0 s1 失败 错误 异常 严重 紧急 故障 危险 致命 中断 离线 超时 报警',
};

const formats: Readonly<Record<Format, string>> = {
	markdown: 'markdown md mkd mdown markdownv2 commonmark gfm mrkdwn textmarkdown textxmarkdown',
	html: 'html htm xhtml html5 texthtml',
	text: 'text txt plain plaintext textplain raw string 文本 纯文本',
};

const wordsOf = <T extends string>(table: Readonly<Record<T, string>>): ReadonlyMap<string, T> =>
	new Map((Object.keys(table) as T[]).flatMap((key) => table[key].split(' ').map((word) => [word, key] as const)));

const [levelOfWord, formatOfWord] = [wordsOf(levels), wordsOf(formats)];

/** Case, blanks, dashes and slashes tell nothing: `Plain-Text`, `text/plain`. */
const bare = (value: unknown) => (typeof value === 'string' ? value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') : '');

/** The level that monitors, loggers and scripts mean by their own word. */
export const levelOf = (value: unknown): Level | undefined => levelOfWord.get(bare(value));

/** Also as a type of content with its parameters (`text/html; charset=utf-8`), or a flavour (`Markdown (GFM)`). */
export const formatOf = (value: unknown): Format | undefined =>
	formatOfWord.get(bare(typeof value === 'string' ? value.split(/[;(]/, 1)[0] : value));

const truths: Readonly<Record<'true' | 'false', string>> = {
	true: 'true yes on 1 y 是 开',
	false: 'false no off 0 n 否 关',
};
const truthOfWord = wordsOf(truths);

/** Yes or no, as forms, scripts and templates write it. */
export function truthOf(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const word = truthOfWord.get(bare(typeof value === 'number' ? String(value) : value));
	return word && word === 'true';
}

export type Origin = 'manual' | 'automatic';
export type Audience = 'admin' | 'user';

const originOfWord = wordsOf<Origin>({
	manual: 'manual manually byhand hand interactive 手动 人工',
	automatic: 'automatic automatically auto automated scheduled schedule cron timer 自动 定时 计划',
});
const audienceOfWord = wordsOf<Audience>({
	admin: 'admin admins administrator administrators owner 管理员',
	user: 'user users member members 用户 成员',
});

/** Who started something, and whom it is for, in others' words. */
export const originOf = (value: unknown): Origin | undefined => originOfWord.get(bare(value));
export const audienceOf = (value: unknown): Audience | undefined => audienceOfWord.get(bare(value));
