import type { File, Lost, SendInput, Sent } from '../../core/define/channel';
import { Extras } from '../../core/define/extras';
import type { Text } from '../../core/base/language';
import { topicOf, type ntfyAccount } from './account';
import { publish, upload } from './api';
import type { ntfyOptions } from './options';
import { publicationOf, type Publication } from './payload';
import { priorities } from './protocol';

type Input = SendInput<typeof ntfyAccount, typeof ntfyOptions>;

/** Bytes of a text that goes in the headers of a file: proxies take headers of 8 KB, and Base64 makes four bytes of three. */
const captionMost = 2_000;

/** A notification has room for one file; others follow it, without a sound. */
export async function send(input: Input): Promise<Sent> {
	const { message, options, step } = input;
	const to = input.to[0]!;
	const publication = publicationOf(message, options);
	const files = [...(message.image?.data ? [message.image] : []), ...message.attachments];
	const [first, ...more] = files;
	const takesFirst = first !== undefined && mayCarry(publication, first);
	const sent = await step('message', () =>
		takesFirst ? withFile(input, publication, first) : publish(input, to, publication),
	);
	const extras = new Extras();
	for (const [at, file] of (takesFirst ? more : files).entries())
		await extras.try(file === message.image ? 'image' : 'attachments', () =>
			step(`file${at}`, () => withFile(input, besides(file, options.cache), file)),
		);
	const { topic } = topicOf(to, input.account);
	const id = publication.sequence_id ?? sent.id;
	const isNew =
		message.source.edit === true &&
		publication.sequence_id !== undefined &&
		sent.sequence_id !== publication.sequence_id;
	return {
		id: sent.id,
		handle: { topic, id },
		raw: sent,
		degraded: [...extras.degraded, ...(isNew ? ['edit' as Lost] : [])],
		warnings: [...extras.warnings, ...(isNew ? [tooOld] : [])],
	};
}

/** A name goes in a header; its end says what it is. */
const shortened = (name: string) => (name.length <= 120 ? name : name.slice(0, 100) + name.slice(-20));

const mayCarry = ({ attach, message }: Publication, { data }: File) =>
	attach === undefined && (data === undefined || Buffer.byteLength(message) <= captionMost);

const withFile = (input: Input, publication: Publication, file: File) =>
	file.data
		? upload(input, input.to[0]!, publication, { ...file, name: shortened(file.name) })
		: publish(input, input.to[0]!, { ...publication, attach: file.url!, filename: file.name });

const besides = ({ name }: File, cache: boolean): Publication => ({
	message: shortened(name),
	priority: priorities.low,
	...(!cache && { cache: 'no' as const }),
});

/** An answer without the id is the only sign. */
const tooOld: Text = {
	en: 'The server is older than ntfy 2.16 and replaces nothing: this is a second notification.',
	zh: '服务器版本低于 ntfy 2.16，无法替换：已作为新通知发送。',
};
