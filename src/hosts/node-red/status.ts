import type { ChannelError, ErrorClass } from '../../core/base/errors';
import type { Language, Text } from '../../core/base/language';
import type { Node, Status } from './red';

const shown = new WeakMap<Node, string | undefined>();

/** Every editor is told of a status: in a burst of messages the same one is told once. */
function show(node: Node, status: Status): void {
	if (shown.get(node) === status.text) return;
	shown.set(node, status.text);
	node.status(status);
}

/** The dot below a node. */
export function showSending(node: Node, language: Language, waiting: number): void {
	const more = waiting > 0 ? ` (${waiting + 1})` : '';
	show(node, { fill: 'blue', shape: 'dot', text: `${words.sending[language]}${more}` });
}

/** @param isWarned The service took it, but … */
export function showSent(node: Node, language: Language, isWarned = false): void {
	show(node, { fill: isWarned ? 'yellow' : 'green', shape: 'dot', text: `${words.sent[language]} ${clockTime()}` });
}

/** @param isOpen Everybody may send: that stays in sight, and leaves room for hours and minutes. */
export function showReceived(node: Node, language: Language, isOpen = false): void {
	const time = clockTime();
	if (isOpen) show(node, { fill: 'yellow', shape: 'dot', text: `${words.open[language]} ${time.slice(0, 5)}` });
	else show(node, { fill: 'green', shape: 'dot', text: `${words.received[language]} ${time}` });
}

/** The time stays away: everybody may send wrong requests, and the same status is told once. */
export function showRefused(node: Node, language: Language, status: number, why: string): void {
	show(node, { fill: 'yellow', shape: 'ring', text: short(`${words.refused[language]} (${status}) ${why}`.trim()) });
}

/** What of it is told beside the dot: the whole sentence goes to Catch, or to the debug sidebar. */
export function showError(node: Node, language: Language, { class: kind, code }: ChannelError): void {
	show(node, { fill: 'red', shape: 'ring', text: short([kinds[kind][language], code].filter(Boolean).join(' · ')) });
}

/** Node-RED keeps the last status of a node that was deployed anew. */
export function showNothing(node: Node): void {
	node.status({});
}

export function showFailed(node: Node, sentence: string): void {
	show(node, { fill: 'red', shape: 'ring', text: short(sentence) });
}

export function showReady(node: Node, text: string): void {
	if (short(text) !== text && shown.get(node) !== short(text)) node.log(text);
	show(node, { fill: 'green', shape: 'ring', text: short(text) });
}

export function showOpen(node: Node, language: Language, text: string): void {
	const whole = `${words.open[language]} · ${text}`;
	if (short(whole) !== whole && shown.get(node) !== short(whole)) node.log(whole);
	show(node, { fill: 'yellow', shape: 'dot', text: short(whole) });
}

/** What has no room beside the dot is told in the debug sidebar. */
export function showWaiting(node: Node, text: string): void {
	if (short(text) !== text && shown.get(node) !== short(text)) node.warn(text);
	show(node, { fill: 'yellow', shape: 'ring', text: short(text) });
}

const words = {
	sending: { en: 'sending', zh: '发送中' },
	received: { en: 'received', zh: '已收到' },
	open: { en: 'open to everybody', zh: '向所有人开放' },
	refused: { en: 'refused', zh: '已拒绝' },
	sent: { en: 'sent', zh: '已发送' },
} satisfies Record<string, Text>;

const kinds: Record<ErrorClass, Text> = {
	Invalid: { en: 'not usable', zh: '内容有误' },
	Unauthorized: { en: 'account refused', zh: '账号被拒绝' },
	Rejected: { en: 'refused', zh: '被拒绝' },
	RateLimited: { en: 'too fast', zh: '发送过快' },
	Unreachable: { en: 'out of reach', zh: '无法连接' },
	Unexpected: { en: 'odd answer', zh: '回复异常' },
};

function clockTime(): string {
	const now = new Date();
	return [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Characters: more would lie across the nodes beside it. */
const most = 24;

/** The first sentence, and no more of it than fits below a node. */
function short(text: string): string {
	const [first = text] = /^.*?(?:[.!?](?=\s)|[。！？])/.exec(text) ?? [text];
	const characters = [...first];
	return characters.length <= most
		? first
		: `${characters
				.slice(0, most - 1)
				.join('')
				.trimEnd()}…`;
}
