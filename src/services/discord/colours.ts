import type { Level } from '../../core/message/message';

/** Discord's own red, yellow, green and blurple. */
export const colours: Readonly<Record<Level, number>> = {
	failure: 0xed4245,
	warning: 0xfee75c,
	success: 0x57f287,
	info: 0x5865f2,
};
