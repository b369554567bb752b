import { zeroWidth } from './escape';

const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
const decoded = (text: string): string => text.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => characters[name]!);
const linked = (label: string, href: string): string => (label === href ? label : `${label} (${href})`);

/** Slack's and Synology's links. */
const unlinked = (text: string): string =>
	text
		.replace(/<([^<>|\u200b]+)\|([^<>]*)>/g, (_, href: string, label: string) => linked(label, href))
		.replaceAll(zeroWidth, '');

interface Run {
	text?: string;
	href?: string;
}

const ofPost = (body: string): string =>
	(JSON.parse(body) as Run[][])
		.map((runs) => runs.map(({ text = '', href }) => (href ? linked(text, href) : text)).join(''))
		.join('\n');

/** Only our own tags stand in it, since every other `<` is an entity. Its line breaks are line breaks. */
function ofTelegram(body: string): string {
	let out = '';
	let href: string | undefined;
	let label = '';
	for (const piece of body.split(/(?=<)/)) {
		const end = piece.startsWith('<') ? piece.indexOf('>') + 1 : 0;
		const [, address] = /^<a href="([^"]*)">/.exec(piece) ?? [];
		if (address !== undefined) [href, label] = [address, ''];
		if (piece.startsWith('</a>') && href !== undefined) {
			out += linked(label, href);
			href = undefined;
		}
		if (href === undefined) out += piece.slice(end);
		else label += piece.slice(end);
	}
	return decoded(out);
}

interface Said {
	source: string;
	format: 'text' | 'html' | 'markdown';
}

const text = (source: string): Said => ({ source, format: 'text' });
const html = (source: string): Said => ({ source, format: 'html' });

const readers: Readonly<Record<string, (body: string) => Said>> = {
	plain: text,
	telegramHtml: (body) => text(ofTelegram(body)),
	slack: (body) => text(decoded(unlinked(body))),
	synology: (body) => text(unlinked(body)),
	feishuPost: (body) => text(ofPost(body)),
	mailHtml: html,
	wxpusherHtml: html,
};

/** What a part says that was printed in a dialect, for who must print it again without. */
export const readBack = (body: string, dialect: string): Said =>
	readers[dialect]?.(body) ?? { source: body, format: 'markdown' };
