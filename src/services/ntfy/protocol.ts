import type { Level } from '../../core/message/message';

/** What whoever publishes to ntfy and whoever is taken for it have in common. */

export const topicPattern = /^[\w-]{1,64}$/;

/** From the least to the most urgent; the first two make no sound. */
export const priorities = { min: 1, low: 2, default: 3, high: 4, max: 5 } as const;

/** The tag that shows how grave something is, as a sign in front of its title. */
export const levelTags: Readonly<Partial<Record<Level, string>>> = {
	failure: 'rotating_light',
	warning: 'warning',
	success: 'white_check_mark',
};
