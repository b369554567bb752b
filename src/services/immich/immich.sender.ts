import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import { said } from '../../core/receive/said';
import {
	below,
	isRecord,
	isoTime,
	names,
	number,
	present,
	record,
	sizeText,
	some,
	text,
	type Loose,
} from '../../core/receive/reading';
import { defineSender, type Context } from '../../core/define/sender';

const types: Readonly<Record<string, EventType>> = {
	AssetCreate: 'library.added',
	AssetMetadataExtraction: 'library.updated',
	PersonRecognized: 'library.updated',
};

const asset = {
	id: '8e0b2c9e-7a56-4b1d-9a53-1f2f6a0f7d11',
	checksum: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=',
	originalFileName: 'IMG_0042.JPG',
	originalPath: '/data/upload/8e/0b/IMG_0042.jpg',
	type: 'IMAGE',
	visibility: 'timeline',
	localDateTime: '2026-01-02T19:30:00.000Z',
	tags: [{ name: 'holiday' }],
	exifInfo: { fileSizeInByte: 4_194_304, city: 'Turin', country: 'Italy', make: 'Reel', model: 'R1' },
};

/** The webhook step of its workflows. It sends the asset that the workflow is about, whole. */
export const immich = defineSender({
	id: 'immich',
	name: 'Immich',
	zh: 'Immich',
	where: {
		en: 'Utilities → Workflows: a step “Webhook” with POST and the address; its header may be the key (x-api-key)',
		zh: '实用工具 → 工作流：添加“Webhook”步骤，POST 并填写地址；请求头可用来放密钥（x-api-key）',
	},
	tells: [...new Set(Object.values(types))],
	samples: {
		'library.added': { type: 'AssetV1', trigger: 'AssetCreate', data: { asset } },
		'library.updated': {
			type: 'AssetV1',
			trigger: 'PersonRecognized',
			data: { asset, person: { id: 'p1', name: 'Maria' } },
		},
	},
	hint: /immich/i,

	recognise(body) {
		if (!isRecord(body)) return 0;
		const found = assetOf(body);
		if (text(found.id) === undefined) return 0;
		const isOwn = ['originalFileName', 'checksum', 'originalPath', 'localDateTime', 'exifInfo'].some(
			(name) => name in found,
		);
		const isStep = /^(?:Asset|Person|Album)[A-Z]\w{2,40}$/.test(text(body.trigger, body.type) ?? '');
		return isStep && (isRecord(body.data) || isOwn) ? 1 : isOwn && isRecord(body.asset) ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const found = assetOf(given);
		const rawType = text(given.trigger, given.type) ?? 'AssetCreate';
		const person = said(record(record(given.data).person).name);
		const exif = record(found.exifInfo);
		const name = said(found.originalFileName) ?? nameOf(found, context);
		const place = [said(exif.city), said(exif.state), said(exif.country)].filter(Boolean).join(', ');
		const zh = context.language === 'zh';
		const event = present<MediaEvent>({
			source: 'immich',
			type: types[rawType] ?? (/create/i.test(rawType) ? 'library.added' : 'library.updated'),
			rawType,
			time: isoTime(given.timestamp) ?? context.now,
			server: { name: 'Immich' },
			user: some({ name: said(record(found.owner).name) }),
			item: present<MediaItem>({
				kind: text(found.type) === 'VIDEO' ? 'other' : 'photo',
				id: text(found.id),
				title: name,
				overview: said(exif.description),
				genres: names(found.tags),
				path: text(found.originalPath),
				ids: {},
				...shownOn(found, context),
			}),
			text:
				[person && (zh ? `👤 识别到 ${person}` : `👤 ${person} is in it`), place && `📍 ${place}`]
					.filter(Boolean)
					.join('\n') || undefined,
			facts: some({
				size: sizeText(number(exif.fileSizeInByte)),
				airing: takenAt(found),
			}),
			raw: body,
		});
		return [{ event }];
	},
});

const assetOf = (body: Loose) => record(record(body.data).asset ?? body.asset);

const nameOf = ({ type }: Loose, { language }: Context) =>
	text(type) === 'VIDEO' ? (language === 'zh' ? '视频' : 'Video') : language === 'zh' ? '照片' : 'Photo';

/** The clock of where it was taken, whatever its zone says. */
const takenAt = ({ localDateTime, fileCreatedAt }: Loose) =>
	(isoTime(localDateTime) ?? isoTime(fileCreatedAt))?.slice(0, 16).replace('T', ' ');

/** It names no server: its pictures and pages are where the account says. */
function shownOn({ id }: Loose, { serverUrl, serverKey, linkUrl }: Context): Partial<MediaItem> {
	const name = encodeURIComponent(text(id) ?? '');
	const poster = below(serverUrl, `api/assets/${name}/thumbnail`, { size: 'preview', apiKey: serverKey });
	return present({
		poster: poster === undefined ? undefined : { url: poster },
		url: below(linkUrl, `photos/${name}`),
	});
}
