import type { DecodedBody, Refusal, RequestHead } from '../http/incoming';
import type { EventType, MediaEvent } from '../message/event';
import type { Language, Text } from '../base/language';
import type { Turns } from '../base/turns';
import type { Format, Message } from '../message/message';
import type { IncomingRequest, OutgoingReply } from './trigger';

/** What a sender's reading may use beside the body. */
export interface Context {
	request: IncomingRequest;
	files: DecodedBody['files'];
	form: DecodedBody['form'];
	/** ISO 8601: of the request, for bodies that tell no time. */
	now: string;
	language: Language;
	timeZone?: string;
	/** The media server as the user named it: the only private place that pictures are fetched from. */
	serverUrl?: string;
	/** Its API key or token, for those pictures. */
	serverKey?: string;
	/** Where people reach it, for links. */
	linkUrl?: string;
	/** Of a custom sender's text. */
	format: Format;
	/** The mapping of a custom sender: JSON paths or templates. */
	mapping: Partial<Record<Mapped, string>>;
}

/**
 * Of a service that tools know the addresses of: what they send to paths shaped like its own is taken as it would be
 * there, and answered as there.
 */
export interface Dialect {
	/** What stands behind the host in an address of the service, with `KEY` for the key: for forms. */
	address: string;
	/** Whether a request is meant for such an address. @param key the trigger's, where it has one */
	takes(head: RequestHead, key: string | undefined): boolean;
	/** Where the key stands there. */
	keys(head: RequestHead): readonly (string | undefined)[];
	/** Where the key stands in the body instead. */
	keysInBody?(body: unknown): readonly unknown[];
	/** Whether a body at such an address is one of the service's. Default: whether it is recognised. */
	understands?(body: unknown): boolean;
	/** The values that a GET has in its query or path say something there; without this it is refused. */
	gets?: true;
	/** Reads what stands beside the body, or instead of one. Default: the body, of GETs the query. */
	body?(decoded: DecodedBody, request: IncomingRequest, key: string | undefined): unknown;
	/** A body may be a file: `body` reads what is neither text, JSON nor a form. */
	bytes?: true;
	/** What tools read as a yes. */
	accepted(body: unknown, context: Context): OutgoingReply;
	/** What they read as a no. @param why in the account's language */
	refused(refusal: Refusal, why: string): OutgoingReply;
}

export type Mapped = 'title' | 'body' | 'url' | 'image' | 'to' | 'level' | 'key' | 'type';

/** An event, and what the sender worded itself; the default templates say the rest. */
export interface Reading {
	event: MediaEvent;
	message?: Partial<Message>;
	/** The same key within a while is the same happening, told twice. By default what the event tells makes it. */
	key?: string;
}

export interface Enquiry {
	/** Where the rest of a new item is to be had; `undefined` where it lacks nothing, or nobody can be asked. The key is in the headers alone. */
	question(event: MediaEvent, context: Context): { url: string; headers: Record<string, string> } | undefined;
	/** The event with what the server's answer adds; the event itself where that is nothing. `whole`: nothing is lacking any more. */
	fill(event: MediaEvent, answer: unknown, context: Context): { event: MediaEvent; whole: boolean };
}

/** Small bodies of a sender's, made up in the shape that it sends, each by the event that comes of it. What is no JSON is a text. */
export type Samples = Readonly<Partial<Record<EventType, unknown>>>;

/** A template in the tool's own language, as its user copies it from the sender's page. */
export interface Pasted {
	into: Text;
	as: 'json' | 'sh' | 'yaml';
	text: string;
}

export interface Sender {
	/** File name and export name. */
	id: string;
	name: string;
	zh: string;
	/** What it can tell, beside messages in its own words; without it, anything. */
	tells?: readonly EventType[];
	/**
	 * How sure a body is this sender's: 0 not at all, 1 beyond doubt. Where two are equally sure, the path and the
	 * User-Agent that name one decide.
	 */
	recognise(body: unknown, request: IncomingRequest): number;
	/** The path's last part and the User-Agent that belong to it; by default its id. */
	hint?: RegExp;
	/** Chosen by name for a body that it does not recognise, because its users write them: reads it itself, or as a custom sender's. */
	otherwise?: 'own' | 'custom';
	/** Never throws for a body that it recognises, whatever the fields hold. */
	read(body: unknown, context: Context): readonly Reading[];
	/** The same, pausing where a large text has taken its turn: of senders whose texts may be megabytes. */
	readInTurns?(body: unknown, context: Context): Turns<readonly Reading[]>;
	/** Where its settings want the address of a webhook. */
	where?: Text;
	/** Of a tool whose body its user writes: what to write there, so that most of it is understood. */
	paste?: readonly Pasted[];
	/** To try a flow with. */
	samples: Samples;
	/** Stands last in forms: it is whoever none of the others is. */
	last?: true;
	/** Paths at which whoever sends is answered as this sender wants it: its users point others there. */
	answersAt?: RegExp;
	/** Of servers that tell of an item before they know it: how they are asked for the rest. */
	late?: Enquiry;
	/** What it wants to hear. Default: 200 with `{"ok":true}`. */
	reply?: OutgoingReply;
	/** Whoever sends this was made for the addresses of a service, and may be pointed here. */
	dialect?: Dialect;
}

export interface DialectSender extends Sender {
	dialect: Dialect;
}

export const defineSender = (definition: Sender): Sender => definition;

/** In a file `<id>.dialect.ts`. */
export const defineDialect = (definition: DialectSender): DialectSender => definition;
