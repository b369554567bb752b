import { parseCommand, type ChatEvent } from '../../core/receive/chat';
import type { VendorJson } from '../../core/http/http';
import { timeOf, wordOf } from '../../core/receive/chatRequests';

/** What was said to the robot. @param now ms; of what carries no time */
export function readSaid(said: VendorJson, now: number): ChatEvent {
	const kind = wordOf(said.msgtype) || 'other';
	const isGroup = wordOf(said.conversationType) === '2';
	const name = wordOf(said.senderNick);
	const title = wordOf(said.conversationTitle) || (isGroup ? '' : name);
	const { text, files } = contentOf(said, kind);
	return {
		channel: 'dingtalk',
		conversation: {
			id: wordOf(said.conversationId),
			kind: isGroup ? 'group' : 'private',
			...(title && { name: title }),
		},
		// Who is of another company has an encrypted id alone.
		user: { id: wordOf(said.senderStaffId) || wordOf(said.senderId), ...(name && { name }) },
		admin: false,
		text,
		...parseCommand(text),
		...(files.length > 0 && { files }),
		replyTo: sessionOf(said),
		messageId: wordOf(said.msgId),
		time: timeOf(said.createAt, now),
		kind,
		raw: said,
	};
}

/** What happened, of the events that the app is subscribed to. @param headers of the frame that brought it */
export function readEvent(headers: VendorJson, happened: VendorJson, now: number): ChatEvent {
	const chat = wordOf(happened.openConversationId) || wordOf(happened.chatId);
	const user = [happened.userId, happened.staffId, happened.operatorUserId].flat().map(wordOf).find(Boolean) ?? '';
	return {
		channel: 'dingtalk',
		conversation: { id: chat || wordOf(headers.eventCorpId), kind: chat ? 'group' : 'channel' },
		user: { id: user },
		admin: false,
		text: '',
		// An event opens no session.
		replyTo: '',
		messageId: wordOf(headers.eventId) || wordOf(headers.messageId),
		time: timeOf(headers.eventBornTime ?? headers.time, now),
		kind: wordOf(headers.eventType) || 'other',
		raw: { headers, data: happened },
	};
}

/** The channel's target: where to answer, and until when. */
function sessionOf({ sessionWebhook, sessionWebhookExpiredTime }: VendorJson): string {
	const session = wordOf(sessionWebhook);
	const end = wordOf(sessionWebhookExpiredTime);
	return session && end ? `${session}#${end}` : session;
}

type File = NonNullable<ChatEvent['files']>[number];

/** The robot's own name in front of the text is taken off by DingTalk, the blank behind it is not. */
function contentOf(said: VendorJson, kind: string): { text: string; files: File[] } {
	const content: VendorJson = said.content ?? {};
	if (kind === 'richText') {
		const pieces: VendorJson[] = Array.isArray(content.richText) ? content.richText : [];
		return {
			text: pieces
				.map((piece) => wordOf(piece?.text))
				.join('')
				.trim(),
			files: pieces.flatMap((piece) => fileOf(piece ?? {}, 'picture')),
		};
	}
	// What was spoken comes with what DingTalk heard.
	const text = wordOf(said.text?.content ?? content.recognition).trim();
	return { text, files: fileOf(content, kind) };
}

const mimes: Readonly<Record<string, string>> = { picture: 'image/*', audio: 'audio/*', video: 'video/*' };

function fileOf({ downloadCode, fileName }: VendorJson, kind: string): File[] {
	const id = wordOf(downloadCode);
	const name = wordOf(fileName);
	const mime = mimes[kind];
	return id ? [{ id, ...(name && { name }), ...(mime && { mime }) }] : [];
}
