import { said } from '../../core/receive/said';
import { shownLink } from '../../core/base/shownLink';
import { note } from '../../core/receive/note';
import { isRecord, isoTime, items, present, record } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

/** Tells of an image that a registry has anew. */
export const diun = defineSender({
	id: 'diun',
	name: 'Diun',
	zh: 'Diun',
	where: {
		en: 'DIUN_NOTIF_WEBHOOK_ENDPOINT, with DIUN_NOTIF_WEBHOOK_METHOD=POST',
		zh: 'DIUN_NOTIF_WEBHOOK_ENDPOINT，并设置 DIUN_NOTIF_WEBHOOK_METHOD=POST',
	},
	tells: ['system.updateAvailable'],
	samples: {
		'system.updateAvailable': {
			diun_version: '4.24.0',
			hostname: 'nas',
			status: 'update',
			provider: 'docker',
			image: 'docker.io/library/nginx:latest',
			hub_link: 'https://hub.example.com/_/nginx',
			digest: 'sha256:216e3ae7de4c',
			created: '2026-01-02T19:30:00Z',
			platform: 'linux/amd64',
			metadata: { ctn_names: 'web' },
		},
	},

	recognise: (body) => (isRecord(body) && 'diun_version' in body && said(body.image) !== undefined ? 1 : 0),

	read(body, context) {
		const given = record(body);
		const zh = context.language === 'zh';
		const image = said(given.image) ?? '';
		const status = said(given.status)?.toLowerCase() ?? '';
		const metadata = record(given.metadata);
		const container = said(items(metadata.ctn_names).join(', '), metadata.ctn_names);
		const title =
			status === 'new'
				? zh
					? `🆕 新镜像：${image}`
					: `🆕 New image: ${image}`
				: status === 'update'
					? zh
						? `⬆️ 镜像有更新：${image}`
						: `⬆️ Image updated: ${image}`
					: zh
						? `镜像：${image}`
						: `Image: ${image}`;
		const rows: readonly (readonly [string, string, unknown])[] = [
			['Platform', '平台', given.platform],
			['Provider', '来源', given.provider],
			['Created', '构建时间', isoTime(given.created)],
			['Digest', '摘要', given.digest],
			['Status', '状态', status === 'new' || status === 'update' ? undefined : given.status],
		];
		return [
			note(
				present({
					source: 'diun',
					rawType: status || 'message',
					type: 'system.updateAvailable',
					level: 'info' as const,
					title,
					body: [said(given.hostname), container].filter(Boolean).join(' · ') || image,
					fields: rows.flatMap(([en, zhName, value]) => {
						const found = said(value);
						return found
							? [{ name: zh ? zhName : en, value: found, ...(found.length < 30 && { short: true }) }]
							: [];
					}),
					url: shownLink(given.hub_link),
					raw: body,
				}),
				context,
			),
		];
	},
});
