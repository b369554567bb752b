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

export function showSent(node: Node, language: Language): void {
	show(node, { fill: 'green', shape: 'dot', text: `${words.sent[language]} ${clockTime()}` });
}

/** @param isOpen Everybody may send: that stays in sight. */
export function showReceived(node: Node, language: Language, isOpen = false): void {
	const text = `${words.received[language]} ${clockTime()}`;
	if (isOpen) show(node, { fill: 'yellow', shape: 'dot', text: `${words.open[language]} · ${text}` });
	else show(node, { fill: 'green', shape: 'dot', text });
}

/** The time stays away: everybody may send wrong requests, and the same status is told once. */
export function showRefused(node: Node, language: Language, status: number, why: string): void {
	show(node, { fill: 'yellow', shape: 'ring', text: short(`${words.refused[language]} (${status}) ${why}`.trim()) });
}

export function showFailed(node: Node, sentence: string): void {
	show(node, { fill: 'red', shape: 'ring', text: short(sentence) });
}

export function showReady(node: Node, text: string): void {
	show(node, { fill: 'green', shape: 'ring', text: short(text) });
}

export function showOpen(node: Node, language: Language, text: string): void {
	show(node, { fill: 'yellow', shape: 'dot', text: short(`${words.open[language]} · ${text}`) });
}

export function showWaiting(node: Node, text: string): void {
	show(node, { fill: 'yellow', shape: 'ring', text: short(text) });
}

const words = {
	sending: { en: 'sending', zh: '发送中' },
	received: { en: 'received', zh: '已收到' },
	open: { en: 'open to everybody', zh: '向所有人开放' },
	refused: { en: 'refused', zh: '已拒绝' },
	sent: { en: 'sent', zh: '已发送' },
} satisfies Record<string, Text>;

function clockTime(): string {
	const now = new Date();
	return [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

const most = 60;

/** The first sentence, and no more of it than fits below a node. */
function short(text: string): string {
	const [first = text] = /^.*?(?:[.!?](?=\s)|[。！？])/.exec(text) ?? [text];
	const characters = [...first];
	return characters.length <= most ? first : `${characters.slice(0, most - 1).join('')}…`;
}
