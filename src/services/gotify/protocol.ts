/** What whoever sends to Gotify and whoever is taken for one have in common. */

/** Up to `quiet` its Android app shows an icon and makes no sound, from `urgent` on it vibrates too. */
export const priorities = { none: 0, quiet: 3, usual: 5, urgent: 8, most: 10 } as const;

/** Names below a message's `extras`. */
export const extras = {
	display: 'client::display',
	notification: 'client::notification',
	onReceive: 'android::action',
} as const;
