import { invalid } from '../base/errors';
import type { Happening, Trigger } from '../define/trigger';
import { memoryStore } from '../state/memory';
import { receptionist } from './reception';

/**
 * What a trigger gives out for a sample, by the way that a request takes; only who calls is not asked for, and nobody
 * is asked for pictures or late metadata.
 * @param raw as the host stored them
 * @throws ChannelError `Invalid` where there is no such sample, or the options let nothing of it through
 */
export async function play(
	trigger: Trigger,
	sample: string,
	raw: { account: Readonly<Record<string, unknown>>; options: Readonly<Record<string, unknown>> },
): Promise<Happening[]> {
	const { request } = trigger.samples?.[sample] ?? {};
	if (!request)
		throw invalid('playSample', { en: `There is no sample “${sample}”.`, zh: `没有名为“${sample}”的示例。` });
	const reception = receptionist(trigger, {
		account: { access: 'open', language: raw.account.language },
		options: { ...raw.options, ...request.options, repeatWindow: 0 },
		store: memoryStore(),
	});
	try {
		const { happenings, reply } = reception.receive({
			method: 'POST',
			path: '/sample',
			query: {},
			headers: { 'content-type': 'application/json' },
			body: Buffer.from(JSON.stringify(request.body)),
		});
		const came = await happenings;
		if (came.length > 0) return came;
		throw invalid('playSample', {
			en: `Nothing came of the sample: what you chose to receive leaves it out (${reply.status}).`,
			zh: `示例没有产生事件：所选的接收条件将其排除（${reply.status}）。`,
		});
	} finally {
		reception.close();
	}
}
