/** The pages of `docs/`, in both languages, all of them made from the definitions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '../../src/core/base/field';
import type { Account } from '../../src/core/define/account';
import { fill, type Language } from '../../src/core/base/language';
import { commonFields, deliveryOptions, type Channel } from '../../src/core/define/channel';
import type { Flow } from '../../src/core/define/flow';
import type { Passing } from '../../src/core/define/passing';
import { pagePath, type Kind } from '../../src/core/define/page';
import type { Sender } from '../../src/core/define/sender';
import type { Trigger } from '../../src/core/define/trigger';
import { hasCredential, root, runsIn, type Found } from '../definitions';
import { dialectNames, limitText, usualRenders } from '../tables';
import { fieldTable } from './fields';
import { cells, page, tableOf } from './markdown';
import { classes, parts, words } from './words';

const languages: readonly Language[] = ['en', 'zh'];

/** Path → content. */
export function docs(
	found: readonly Found[],
	senders: readonly Sender[],
	accounts: readonly Account[],
): Map<string, string> {
	const files = new Map<string, string>();
	const events = found.find(({ id }) => id === 'webhookTrigger')?.definition as Trigger | undefined;
	for (const language of languages) {
		const about = { language, found, accounts, events: events?.options.events?.options ?? {} };
		for (const one of found) files.set(fileOf(one.kind, one.id, language), nodePage(one, about));
		for (const one of accounts) files.set(fileOf('account', one.id, language), accountPage(one, language));
		for (const one of senders) files.set(fileOf('sender', one.id, language), senderPage(one, about));
		files.set(`docs/${language}/common.md`, commonPage(language));
		files.set(`docs/${language}/README.md`, indexPage(found, senders, accounts, language));
	}
	return files;
}

interface About {
	language: Language;
	found: readonly Found[];
	accounts: readonly Account[];
	/** Labels of event types. */
	events: Readonly<Record<string, { en: string; zh: string }>>;
}

const fileOf = (kind: Kind, id: string, language: Language) => `docs/${pagePath(kind, id, language)}`;
const nameOf = ({ name, zh }: { name: string; zh: string }, language: Language) => (language === 'en' ? name : zh);
const heading = (key: keyof typeof words, language: Language) => `## ${words[key][language]}`;

/** Title, the same in the other language, and the way back. */
function head(kind: Kind, one: { id: string; name: string; zh: string }, language: Language): string {
	const other = language === 'en' ? 'zh' : 'en';
	const links = [
		`[${words.otherLanguage[language]}](../../${pagePath(kind, one.id, other)})`,
		`[${words.all[language]}](../README.md)`,
	];
	return `# ${nameOf(one, language)}\n\n${links.join(' · ')}`;
}

function nodePage({ kind, definition, ...rest }: Found, about: About): string {
	const { language } = about;
	const { docs: official, aliases = [] } = definition;
	const own = official.includes('carillon-notify');
	const hosts = (['n8n', 'node-red'] as const).filter((host) => runsIn({ kind, definition, ...rest }, host));
	const names = hosts.map((host) => (host === 'n8n' ? 'n8n' : 'Node-RED'));
	return page(
		head(kind, definition, language),
		'description' in definition && definition.description[language],
		[
			`${words.hosts[language]}${words.colon[language]}${names.join(', ')}`,
			...(kind !== 'trigger' && aliases.length
				? [`${words.alsoFound[language]}${words.colon[language]}${aliases.join(', ')}`]
				: []),
			...(own ? [] : [`[${words.official[language]}](${official})`]),
		].join(' · '),
		...(kind === 'channel'
			? channelBlocks(definition as Channel, language)
			: kind === 'trigger'
				? triggerBlocks({ kind, definition, ...rest } as Found<Trigger>, about)
				: flowBlocks(definition as Flow, about)),
	);
}

function channelBlocks(channel: Channel, language: Language): (string | false)[] {
	const { account, options, actions, replies, where } = channel;
	const operations = Object.values(actions);
	const [own, chosen] = [without(commonFields, account), without(deliveryOptions, options)];
	return [
		heading('account', language),
		...ofForm(own, language),
		words.alsoAccount[language],
		words[channel.verify ? 'checked' : 'unchecked'][language],
		...(where
			? [heading('found', language), where.map((step, at) => `${at + 1}. ${step[language]}`).join('\n')]
			: []),
		heading('shows', language),
		shownList(channel, language),
		words.elsewhere[language],
		heading('options', language),
		...ofForm(chosen, language),
		words.alsoOptions[language],
		operations.length > 0 && heading('operations', language),
		operations.length > 0 &&
			operations
				.map(
					(action) =>
						`- **${nameOf(action, language)}**${action.description ? `${words.colon[language]}${action.description[language]}` : ''}`,
				)
				.join('\n'),
		replies?.errors !== undefined && replies.errors.length > 0 && heading('errors', language),
		replies?.errors !== undefined && replies.errors.length > 0 && errorTable(replies.errors, language),
	];
}

const ofForm = (fields: Fields, language: Language) =>
	Object.keys(fields).length > 0 ? [fieldTable(fields, language)] : [];

const without = (common: Fields, fields: Fields): Fields =>
	Object.fromEntries(Object.entries(fields).filter(([key]) => !(key in common)));

const commonPage = (language: Language) =>
	page(
		`# ${words.common[language]}`,
		`[${words.otherLanguage[language]}](../${language === 'en' ? 'zh' : 'en'}/common.md) · [${words.all[language]}](README.md)`,
		heading('commonAccount', language),
		fieldTable(commonFields, language),
		heading('commonOptions', language),
		fieldTable(deliveryOptions, language),
	);

function shownList(channel: Channel, language: Language): string {
	const renders = usualRenders(channel);
	const dialect = dialectNames[renders.markup]?.[language] ?? 'Markdown';
	const all = Object.keys(parts) as (keyof typeof parts)[];
	const list = (keys: readonly (keyof typeof parts)[]) =>
		keys.map((key) => parts[key][language]).join(words.or[language]);
	const missing = all.filter((key) => !renders[key]);
	const shown = all.filter((key) => renders[key]);
	const yes = (is: unknown) => words[is ? 'yes' : 'no'][language];
	return [
		`- ${words.text[language]}${words.colon[language]}${fill(words.onePart, { dialect, limit: limitText(renders.limit, language) })[language]}`,
		`- ${words.title_[language]}${words.colon[language]}${renders.title ? limitText(renders.title, language) : yes(false)}`,
		...(shown.length ? [`- ${words.beside[language]}${words.colon[language]}${list(shown)}`] : []),
		...(missing.length ? [`- ${words.notShown[language]}${words.colon[language]}${list(missing)}`] : []),
		`- ${words.silent[language]}${words.colon[language]}${yes(channel.silent)}`,
		`- ${words.edit[language]}${words.colon[language]}${yes(channel.edit)}`,
		...(channel.pace ?? []).map(({ count, seconds, per }) => {
			const each = per === 'target' ? words.eachTarget[language] : '';
			return `- ${words.pace[language]}${words.colon[language]}${fill(words.paced, { count, seconds, each })[language]}`;
		}),
	].join('\n');
}

function errorTable(rows: NonNullable<NonNullable<Channel['replies']>['errors']>, language: Language): string {
	const codes = (code: (typeof rows)[number]['code']) =>
		code === undefined
			? ''
			: [code]
					.flat()
					.map((each) => `\`${each}\``)
					.join(' ');
	return tableOf(
		[words.code[language], words.kind[language], words.cure[language]],
		rows.map((row) => [codes(row.code), classes[row.is][language], cells(row.do[language])]),
	);
}

function triggerBlocks(one: Found<Trigger>, { language, found }: About): (string | false)[] {
	const { definition: trigger } = one;
	const { accountOf, panel = [] } = trigger;
	const channel = found.find(({ id }) => id === accountOf)?.definition;
	return [
		heading('account', language),
		channel !== undefined
			? fill(words.sharedAccount, {
					channel: `[${nameOf(channel, language)}](../channel/${channel.id}.md)`,
				})[language]
			: hasCredential(one)
				? fieldTable(trigger.account, language)
				: words.noAccount[language],
		heading('options', language),
		fieldTable(trigger.options, language),
		panel.length > 0 && heading('inbox', language),
		panel.length > 0 && panel.map((line) => `- ${line[language]}`).join('\n'),
	];
}

function flowBlocks(
	{ teaches, outputs, fields, ...rest }: Flow,
	{ language, accounts }: About,
): (string | false | undefined)[] {
	const store = 'store' in fields && accounts.find(({ id }) => id === 'store');
	return [
		teaches?.[language],
		heading('fields', language),
		fieldTable(fields, language),
		store && fill(words.storeAccount, { name: nameOf(store, language) })[language],
		heading('outputs', language),
		[...('branches' in rest && rest.branches ? [(rest as unknown as Passing).branches!.output] : []), ...outputs]
			.map(
				(output, at) =>
					`${at + 1}. **${output[language]}**${output.help ? `${words.colon[language]}${output.help[language]}` : ''}`,
			)
			.join('\n'),
	];
}

const accountPage = (one: Account, language: Language) =>
	page(
		head('account', one, language),
		one.teaches[language],
		`[${words.official[language]}](${one.docs})`,
		heading('account', language),
		fieldTable(one.account, language),
		words.checkedAccount[language],
	);

function senderPage(sender: Sender, { language, events }: About): string {
	const { where, tells, paste = [] } = sender;
	return page(
		head('sender', sender, language),
		fill(words.recognised, { page: '../trigger/webhookTrigger.md' })[language],
		heading('where', language),
		sender.dialect
			? fill(words.dialect, { address: sender.dialect.address })[language]
			: (where?.[language] ?? words.whereNot[language]),
		...paste.flatMap(({ into, as, text }) => [
			`${into[language]}${language === 'zh' ? '：' : ':'}`,
			`\`\`\`${as}\n${text}\n\`\`\``,
		]),
		heading('tells', language),
		tells
			? [...new Set(tells)].map((type) => `- ${events[type]?.[language] ?? type} (\`${type}\`)`).join('\n')
			: words.tellsAll[language],
	);
}

/** Written by hand, in the order in which people need them. */
export const guides = [
	'node-red',
	'n8n',
	'docker',
	'queue-mode',
	'security',
	'templates',
	'text-or-markdown',
	'migrate',
] as const;

const titleOf = (guide: string, language: Language) =>
	/^# (.+)/.exec(readFileSync(join(root, 'docs', language, 'guide', `${guide}.md`), 'utf8'))![1]!;

function indexPage(
	found: readonly Found[],
	senders: readonly Sender[],
	accounts: readonly Account[],
	language: Language,
): string {
	const of = (kind: Kind) =>
		found
			.filter((one) => one.kind === kind)
			.map(({ id, definition }) => `- [${nameOf(definition, language)}](${kind}/${id}.md)`)
			.join('\n');
	const other = language === 'en' ? 'zh' : 'en';
	return page(
		`# ${words.title[language]}`,
		`[${words.otherLanguage[language]}](../${other}/README.md)`,
		words.madeFrom[language],
		heading('guides', language),
		guides.map((guide) => `- [${titleOf(guide, language)}](guide/${guide}.md)`).join('\n'),
		heading('channels', language),
		of('channel'),
		`[${words.common[language]}](common.md)`,
		heading('triggers', language),
		of('trigger'),
		heading('flows', language),
		of('flow'),
		heading('accounts', language),
		accounts.map((one) => `- [${nameOf(one, language)}](account/${one.id}.md)`).join('\n'),
		heading('senders', language),
		senders.map((sender) => `- [${nameOf(sender, language)}](sender/${sender.id}.md)`).join('\n'),
	);
}
