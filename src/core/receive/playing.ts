import { invalid, type ChannelError } from '../base/errors';
import { read } from '../base/field';
import type { Text } from '../base/language';
import { Refusal, type Happening, type Receiving, type Samples, type Trigger } from '../define/trigger';
import { decodedPoster } from './poster';
import { entry, isRecord } from './reading';
import { triggerAccount } from './reception';

/** As the host stored them. */
export interface Raw {
	account: Readonly<Record<string, unknown>>;
	options: Readonly<Record<string, unknown>>;
}

export interface Sample {
	/** Names it. */
	value: string;
	/** Whose it is. */
	by: Text;
	/** What it tells. */
	of: Text;
}

const nameOf = (by: string, of: string) => `${by}/${of}`;

/** In the order of the options that name them. */
export function samplesOf({ samples, options }: Trigger): Sample[] {
	if (!samples) return [];
	const labels = (key: string) => options[key]?.options ?? {};
	return Object.entries(labels(samples.by)).flatMap(([by, label]) =>
		Object.entries(labels(samples.of)).flatMap(([of, what]) =>
			entry(samples.bodies[by] ?? {}, of) === undefined ? [] : [{ value: nameOf(by, of), by: label, of: what }],
		),
	);
}

/**
 * What a trigger gives out for a sample: read as a request of its sender is, with the node's options. Who calls is not
 * asked for, and nobody is asked for anything: the poster of each item comes along. Pure.
 * @throws ChannelError `Invalid` where there is no such sample, or the options let nothing of it through
 */
export function play(trigger: Trigger, sample: string, raw: Raw): Happening[] {
	const found = bodyOf(trigger, sample);
	if (!found) throw refused({ en: `There is no sample “${sample}”.`, zh: `没有名为“${sample}”的示例。` });
	const { samples, by, body } = found;
	const account = read(triggerAccount(trigger), { language: raw.account.language }) as Receiving['account'];
	const options = read(trigger.options, { ...raw.options, [samples.by]: by });
	const came = received(trigger, { request: requestOf(body), account, options, now: Date.now() });
	if (came.length > 0) return came.map(withPoster);
	throw refused({
		en: 'Nothing came of the sample: what you chose to receive leaves it out.',
		zh: '示例没有产生事件：所选的接收条件将其排除。',
	});
}

function bodyOf({ samples }: Trigger, sample: string): { samples: Samples; by: string; body: unknown } | undefined {
	const [by = '', of = ''] = sample.split('/', 2);
	const body = entry(entry(samples?.bodies ?? {}, by) ?? {}, of);
	return samples && body !== undefined ? { samples, by, body } : undefined;
}

const requestOf = (body: unknown): Receiving['request'] => ({
	method: 'POST',
	path: '/sample',
	query: {},
	headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' },
	body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

function received(trigger: Trigger, receiving: Receiving): Happening[] {
	try {
		return trigger.receive!(receiving).events;
	} catch (thrown) {
		throw thrown instanceof Refusal ? refused(thrown.reason) : thrown;
	}
}

const refused = (why: Text): ChannelError => invalid('playSample', why);

/** An item has one, and so has what came with the address of a picture; nobody is asked for what is late. */
function withPoster({ event, message, raw, key }: Happening): Happening {
	const item = isRecord(event) && isRecord(event.item) ? event.item : undefined;
	const image = message?.image;
	if (!message || !(item || image) || (image && 'data' in image)) return { event, message, raw, key };
	const poster = decodedPoster();
	return {
		event: item ? { ...(event as object), item: { ...item, poster } } : event,
		message: { ...message, image: { name: 'poster.png', ...poster } },
		raw,
		key,
	};
}
