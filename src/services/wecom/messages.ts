import type { ChatEvent } from '../../core/receive/chat';
import { parseCommand, wordless } from '../../core/receive/chat';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { timeOf } from '../../core/receive/chatRequests';

/** From WeCom itself, not from a person: changes of contacts, approvals, calendars. */
export const system = 'sys';

/** @returns the content of `<xml>`, every value a text; `undefined` where it is no such XML */
export function readXml(source: string): VendorJson {
	// A document type could define entities; WeCom sends none.
	if (/<!DOCTYPE/i.test(source)) return undefined;
	const { XMLParser } = require('fast-xml-parser') as typeof import('fast-xml-parser');
	try {
		const { xml } = new XMLParser({ parseTagValue: false, processEntities: false }).parse(source) as VendorJson;
		return typeof xml === 'object' && xml !== null ? xml : undefined;
	} catch {
		return undefined;
	}
}

/** Of a message or an event, decrypted and parsed. */
export function readMessage(xml: VendorJson, now: number): ChatEvent {
	const user = textOf(xml.FromUserName);
	const type = textOf(xml.MsgType);
	const event = type === 'event' ? textOf(xml.Event).toLowerCase() : undefined;
	const key = textOf(xml.EventKey);
	const text = event === undefined ? (texts[type]?.(xml) ?? textOf(xml.Content)) : key;
	const task = textOf(xml.TaskId);
	return {
		channel: 'wecomApp',
		conversation: { id: user, kind: 'private' },
		user: { id: user },
		admin: false,
		text,
		// A menu's keys are commands, with a slash or without.
		...parseCommand(event === 'click' && !/^[/／]/.test(key) ? `/${key}` : text),
		...(event !== undefined && key !== '' && { button: { value: key, ...(task !== '' && { messageId: task }) } }),
		...filesOf(type, xml),
		replyTo: user === system ? '' : user,
		// Events have no id; what comes again bears the same time.
		messageId:
			textOf(xml.MsgId) ||
			[user, textOf(xml.CreateTime), event ?? type, textOf(xml.ChangeType), task, key].join(':'),
		time: timeOf(Number(textOf(xml.CreateTime)) * 1_000, now),
		kind: event === undefined ? type : ['event', event, textOf(xml.ChangeType)].filter(Boolean).join('.'),
		raw: xml,
	};
}

/** What happened, of the events that people know; `undefined` for the others. */
export function aboutOf({ kind }: ChatEvent): Text | undefined {
	if (!kind.startsWith('event')) return wordless;
	const [, event = '', change = ''] = kind.split('.');
	const text = happenings.get(change) ?? happenings.get(event);
	return text && { en: text[0], zh: text[1] };
}

const happenings: ReadonlyMap<string, readonly [en: string, zh: string]> = new Map([
	['subscribe', ['Followed the app', '关注了应用']],
	['unsubscribe', ['Left the app', '取消关注应用']],
	['enter_agent', ['Opened the app', '进入应用']],
	['location', ['Shared a location', '上报了位置']],
	['create_user', ['A member was added', '新增成员']],
	['update_user', ['A member was changed', '成员信息变更']],
	['delete_user', ['A member was removed', '删除成员']],
	['create_party', ['A department was added', '新增部门']],
	['update_party', ['A department was changed', '部门信息变更']],
	['delete_party', ['A department was removed', '删除部门']],
	['change_contact', ['The contacts were changed', '通讯录变更']],
	['change_external_contact', ['External contacts were changed', '外部联系人变更']],
	['open_approval_change', ['An approval moved on', '审批状态变化']],
	['sys_approval_change', ['An approval moved on', '审批状态变化']],
	['batch_job_result', ['A batch job is done', '异步任务完成']],
]);

/** A value that is there once, and not something with parts. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const lines = (...given: unknown[]) => given.map(textOf).filter(Boolean).join('\n');

const texts: Readonly<Record<string, (xml: VendorJson) => string>> = {
	location: ({ Label, Location_X: x, Location_Y: y }) => lines(Label, [x, y].map(textOf).filter(Boolean).join(',')),
	link: ({ Title, Description, Url }) => lines(Title, Description, Url),
	voice: ({ Recognition }) => textOf(Recognition),
};

const mimes: Readonly<Record<string, string>> = { image: 'image/jpeg', voice: 'audio/amr', video: 'video/mp4' };

function filesOf(type: string, { MediaId, PicUrl, FileName, Title }: VendorJson): Pick<ChatEvent, 'files'> {
	const [id, url, name] = [
		textOf(MediaId),
		textOf(PicUrl),
		textOf(FileName) || (type === 'file' ? textOf(Title) : ''),
	];
	const mime = mimes[type];
	if (type === 'link' || (id === '' && url === '')) return {};
	return { files: [{ ...(id && { id }), ...(url && { url }), ...(name && { name }), ...(mime && { mime }) }] };
}
