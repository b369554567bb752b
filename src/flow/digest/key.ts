import type { Arrival } from '../../core/define/flow';
import { carriedIn, type Carried } from '../../core/message/carried';
import { forWhom } from '../keys';

export interface Grouping {
	group: 'auto' | 'all' | 'key';
	key?: string;
}

/** Under which key a message waits. */
export function keyOf({ content, place = 'message' }: Arrival, { group, key }: Grouping): string {
	const carried = carriedIn(content, place);
	return forWhom(
		group === 'all' ? 'all' : group === 'key' && key !== undefined ? key : byItself(carried),
		carried.message,
	);
}

/** Series and season, or album; else what kind of thing it is, and who tells of it. */
function byItself({ message, event }: Carried): string {
	const { item, source = '' } = event ?? {};
	const type = event?.type ?? message.type ?? '';
	if (item?.kind === 'episode' && (item.series ?? item.title))
		return [type, item.series ?? item.title, item.season === undefined ? '' : `S${item.season}`].join(' · ');
	if (item?.kind === 'track' && item.album) return [type, item.artist ?? '', item.album].join(' · ');
	// Of tasks the good and the bad are told together.
	const kind = /^task\./.test(type) ? 'task' : type;
	return [kind, source].filter(Boolean).join(' · ') || 'all';
}
