import { neverBack, type Clock } from '../base/clock';
import { ChannelError } from '../base/errors';
import { httpFor } from '../http/http';
import type { Happening, Late } from '../define/trigger';

/** ms: between two questions, and for one answer */
const pause = 3_000;
const patience = 5_000;
/** Happenings that are asked about at one time: a scan of a whole library must not flood its server. */
const mostAsked = 100;
let asked = 0;

/**
 * Asks for what a happening's sender did not know yet, until it is whole or the time is over; then it goes on with what came.
 * @param origins that the user named: no other is asked
 * Never rejects; when `signal` is aborted, ends at once.
 */
export async function withLateMetadata(
	{ late, ...bare }: Happening,
	origins: readonly string[],
	signal: AbortSignal,
	clock: Pick<Clock, 'now' | 'sleep'>,
): Promise<Happening> {
	if (!late || asked >= mostAsked || !origins.includes(new URL(late.url).origin)) return bare;
	asked++;
	try {
		return await fill(bare, late, signal, clock);
	} finally {
		asked--;
	}
}

async function fill(
	bare: Happening,
	late: Late,
	signal: AbortSignal,
	clock: Pick<Clock, 'now' | 'sleep'>,
): Promise<Happening> {
	let known = bare;
	const now = neverBack(clock.now);
	const until = now() + late.within * 1000;
	try {
		for (;;) {
			const answer = await ask(late, signal);
			if (answer !== undefined) {
				const { happening, whole } = late.fill(answer);
				known = happening;
				if (whole) return known;
			}
			const left = until - now();
			if (left <= 0) return known;
			await clock.sleep(Math.min(pause, left), signal);
		}
	} catch {
		// The key is refused, the host stops: the happening is worth more than what it lacks.
		return known;
	}
}

/** `undefined` where it may work the next time. @throws ChannelError where it will not */
async function ask({ url, headers }: Late, signal: AbortSignal): Promise<unknown> {
	const http = httpFor({
		name: { en: 'Media server', zh: '媒体服务器' },
		account: { language: 'en' },
		signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
	});
	try {
		return await http.get(url, { headers });
	} catch (error) {
		if (signal.aborted || (error instanceof ChannelError && error.class === 'Unauthorized')) throw error;
		return undefined;
	}
}
