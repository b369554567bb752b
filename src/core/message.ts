export type Attachment = { name?: string; mime?: string } & (
	| { url: string }
	| { data: Uint8Array }
	/** The name of an n8n binary property. */
	| { binary: string }
);

export interface Button {
	text: string;
	url?: string;
	/** What comes back to a chat trigger when it is pressed. */
	value?: string;
	style?: 'primary' | 'danger';
}

export type Level = 'info' | 'success' | 'warning' | 'failure';
export type Format = 'markdown' | 'text' | 'html';

/** What goes to every channel. */
export interface Message {
	/** Markdown unless `format` says otherwise. */
	body: string;
	format?: Format;
	title?: string;
	/** 'library.added', 'playback.started', 'task.failed' … */
	type?: string;
	level?: Level;
	url?: string;
	image?: Attachment;
	/** Overrides the node's target where the node allows that. */
	to?: string | string[];
	fields?: { name: string; value: string; short?: boolean }[];
	buttons?: Button[];
	attachments?: Attachment[];
	/** Ids in the service's own form; '@all' for everyone. */
	mentions?: string[];
	/** The same key is the same happening: idempotency, de-duplication, edit in place. */
	key?: string;
	/** ISO 8601. */
	time?: string;
}
