/** A notification on the desktop of this machine. All texts are plain. */
export interface Toast {
	app: string;
	title: string;
	body: string;
	urgency: 'low' | 'normal' | 'critical';
	/** Path of a file that is there as long as the notification needs it. */
	image?: string;
	/** Path or name. */
	icon?: string;
	/** The same key replaces what is still shown. */
	key?: string;
	/** Seconds until it goes by itself. */
	seconds?: number;
	sound?: string;
	silent: boolean;
	subtitle?: string;
	url?: string;
	buttons: { text: string; url: string }[];
	category?: string;
	scenario?: string;
	long: boolean;
}

/** How one system shows toasts. */
export interface Desktop {
	/** @returns what `close` takes, where the system tells */
	show(toast: Toast): Promise<string | undefined>;
	close(id: string): Promise<void>;
	/** Shows nothing. @throws ChannelError where nothing could be shown */
	check(): Promise<void>;
}
