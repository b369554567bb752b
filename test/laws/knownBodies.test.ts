import { Refusal } from '../../src/core/define/trigger';
import { renderParts } from '../../src/core/deliver/render/rendering';
import type { Message } from '../../src/core/message/message';
import { senders } from '../../src/services/senders';
import { isLong } from '../property';
import { receive } from '../services/webhook/receiving';
import { knownBodies, sources } from './bodies';
import { readers } from './readers';
import { renderers } from './renderers';
import { firstMissing, meant, words } from './words';

/**
 * Nothing is lost in silence on the whole way: every body that is known of any sender, taken in by the webhook trigger,
 * with each renderer in turn (all of them in the long run). The words of its message are shown, or the receipt names
 * what was cut.
 */
const bodies = knownBodies(senders.map(({ id }) => id));
const all = renderers();
console.log(`Bodies: ${bodies.length}, of ${sources}`);

function messagesOf(sender: string, value: unknown): Message[] {
	try {
		return receive(value, { request: { path: `/webhook/${sender}` } }).events.map(({ message }) => message!);
	} catch (error) {
		if (error instanceof Refusal) return [];
		throw error;
	}
}

const messages = bodies.flatMap(({ sender, name, value }) =>
	messagesOf(sender, value).map((message) => ({ name: `${sender}: ${name}`, message })),
);

test('most of what is known becomes a message', () => expect(messages.length).toBeGreaterThan(bodies.length * 0.8));

test.each(all.map((one, at) => ({ ...one, at })))('$renders.markup of $id $form', async ({ renders, at: nth }) => {
	const faults: string[] = [];
	let compared = 0;
	for (const [at, { name, message }] of messages.entries()) {
		if (!isLong && (at + nth) % 8 !== 0) continue;
		const { parts, losses } = await renderParts(message, renders, { overflow: 'split', maxParts: 10 }, 'en');
		const isNamed = (loss: string) => losses.some(({ kind }) => kind === loss);
		if (isNamed('cut')) continue;
		const shown = parts
			.map(({ title = '', body, markup, count }) => {
				const read = readers[markup](body);
				return `${title}\n${count > 1 ? read.replace(/\s*\(\d+\/\d+\)\s*$/, '') : read}`;
			})
			.join('\n');
		const [title, body] = [words(message.title ?? ''), meant(message.body, message.format ?? 'markdown')];
		// A title that says what the text says is shown once.
		const isSaidTwice = title.join(' ') === [...body].join(' ');
		const expected = [...(isNamed('title') || isSaidTwice ? [] : title), ...body];
		const missing = firstMissing(expected, shown);
		compared++;
		if (missing !== undefined)
			faults.push(
				`${name}: lost “${missing}” of ${JSON.stringify(message.body.slice(0, 200))}: ${JSON.stringify(shown.slice(0, 300))}`,
			);
	}
	expect(faults).toEqual([]);
	// What has room for a line alone cuts most of them, and says so.
	if (!renders.single) expect(compared).toBeGreaterThan(messages.length / (isLong ? 1 : 8) / 2);
});
