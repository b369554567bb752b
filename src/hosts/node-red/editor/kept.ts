/** The sidebar *Carillon*: what nodes keep that keep messages, with the buttons that send them again or drop them. */
import { ask, complaint } from './ask';
import { formOf, knownForms } from './forms';
import { $, RED, type Query } from './host';
import { importBox } from './importing';
import { lostParts, say, textOf } from './texts';

type Which = 'held' | 'waiting' | 'dead' | 'done';

interface Keeper {
	id: string;
	name: string;
	place: string;
	counts?: Record<Which, number>;
	notices?: { id: string; text: string }[];
	fault?: string;
}

interface Entry {
	id: string;
	title?: string;
	text: string;
	lane?: string;
	attempts: number;
	files: number;
	/** ms since the epoch */
	since: number;
	due?: number;
	ended?: number;
	error?: string;
	sent?: Sent[];
}

interface Sent {
	channel: string;
	handled?: string;
	ids: string[];
	parts: number;
	degraded: string[];
	warnings: string[];
}

interface Page {
	entries: Entry[];
	past?: number;
}

const lists: readonly Which[] = ['held', 'waiting', 'dead', 'done'];
const tab = 'carillon';
/** Lists that somebody opened or closed, by node and list. */
const opened = new Map<string, boolean>();

let body: Query | undefined;
let status: Query;
/** Answers of one that is not the latest come too late. */
let round = 0;

/** The tab comes with the first node that keeps something. */
export function offerSidebar(): void {
	RED.events.on('nodes:add', ({ type }) => {
		if (formOf(type)?.lists) open();
	});
	RED.events.on('deploy', () => isShown() && refresh());
}

export function openSidebar(): void {
	open();
	RED.sidebar.show(tab);
}

function open(): void {
	if (body) return;
	body = $('<div class="carillon-keepers">');
	status = $('<div class="carillon-kept-status" role="status">');
	const button = $('<button type="button" class="red-ui-sidebar-header-button carillon-refresh">')
		.append($('<i class="fa fa-refresh" aria-hidden="true">'), $('<span>').text(` ${say('kept.refresh')}`))
		.on('click', () => refresh());
	const content = $('<div class="carillon-kept">').append(
		$('<div class="red-ui-sidebar-header">').append(button),
		importBox(),
		status,
		body,
	);
	RED.actions.add('carillon:show', () => RED.sidebar.show(tab));
	RED.sidebar.addTab({
		...{ id: tab, label: say('kept.label'), name: say('kept.name'), iconClass: 'fa fa-bell' },
		...{ content, enableOnEdit: true, action: 'carillon:show' },
		onchange: () => refresh(),
	});
}

const isShown = () => body?.is(':visible') === true;

/**
 * Of nodes that are deployed; one request a kind of node, shown when all have been answered.
 * @param shown once they are
 */
function refresh(shown?: () => void): void {
	const kinds = [...knownForms()].filter(({ lists }) => lists).map(({ of, type }) => ({ of, type }));
	const mine = ++round;
	const boxes: Query[][] = kinds.map(() => []);
	const complaints: string[] = [];
	let left = kinds.length;
	const show = () => {
		body!.empty().append(...boxes.flat());
		status.text(complaints.join(' ') || (boxes.flat().length === 0 ? say('kept.none') : ''));
		if (complaints.length === 0) shown?.();
	};
	if (kinds.length === 0) return show();
	status.text(say('kept.looking'));
	kinds.forEach(({ of, type }, at) => {
		const request = ask(`${of}/keepers`, {});
		request
			.done(({ keepers }: { keepers: Keeper[] }) => {
				boxes[at] = keepers.map((keeper) => keeperBox(of, type, keeper));
			})
			.fail(() => complaints.push(complaint(request)))
			.always(() => {
				if (--left === 0 && mine === round) show();
			});
	});
}

function keeperBox(of: string, type: string, { id, name, place, counts, notices = [], fault }: Keeper): Query {
	const label = name || textOf(type, 'label')!;
	const title = $('<div class="carillon-keeper-title">');
	if (RED.nodes.node(id))
		title.append(
			$('<button type="button" class="carillon-reveal">')
				.attr('title', say('kept.reveal'))
				.text(label)
				.on('click', () => RED.view.reveal(id)),
		);
	else title.append($('<span>').text(label));
	if (place) title.append($('<small>').text(place));
	const box = $('<section class="carillon-keeper">').attr('data-node', id).append(title);
	for (const notice of notices) box.append(noticeBox(of, id, notice));
	if (fault) box.append($('<div class="carillon-bad">').text(fault));
	if (!counts) return box;
	const wanted = lists.filter((which) => which !== 'held' || counts.held > 0);
	return box.append(...wanted.map((which) => listBox(of, id, which, counts[which])));
}

/** What befell the store: it stays until somebody has seen it. */
function noticeBox(of: string, node: string, { id, text }: { id: string; text: string }): Query {
	const seen = button('fa-check', say('kept.seen')).on('click', () => {
		ask(`${of}/seen`, { node, notice: id })
			.done(() => refresh())
			.fail((request) => status.text(complaint(request)));
	});
	return $('<div class="carillon-notice" role="note">').append($('<span>').text(text), seen);
}

/** What is in it is asked for when it is opened. */
function listBox(of: string, node: string, which: Which, count: number): Query {
	const key = `${node}/${which}`;
	const items = $('<ul>');
	const summary = $('<summary>').text(`${say(`kept.${which}`)} (${count})`);
	const box = $('<details>').attr('data-which', which).append(summary, items);
	const more = button('fa-ellipsis-h', say('more')).hide();
	box.append(more);
	let past = 0;
	const load = () =>
		ask(`${of}/kept`, { node, which, past })
			.done((page: Page) => {
				items.append(...page.entries.map((entry) => entryBox(of, node, which, entry)));
				past = page.past ?? 0;
				more.toggle(page.past !== undefined);
			})
			.fail((request) => status.text(complaint(request)));
	more.on('click', load);
	let isLoaded = false;
	const isOpen = opened.get(key) ?? (count > 0 && which !== 'done');
	box.prop('open', isOpen).on('toggle', () => {
		const isOpenNow = box.prop('open') === true;
		opened.set(key, isOpenNow);
		if (!isOpenNow || isLoaded || count === 0) return;
		isLoaded = true;
		load();
	});
	return box;
}

/** Whatever somebody sent stands there as text. */
function entryBox(of: string, node: string, which: Which, entry: Entry): Query {
	const { id, title, text, error, sent = [] } = entry;
	const box = $('<li class="carillon-entry">');
	if (title) box.append($('<div class="carillon-entry-title">').text(title));
	if (text) box.append($('<div class="carillon-entry-text">').text(text));
	box.append($('<div class="carillon-entry-facts">').text(factsOf(which, entry)));
	if (error) box.append($('<div class="carillon-bad">').text(error));
	box.append(...sent.map((one) => $('<div class="carillon-good">').text(deliveredBy(one))));
	const buttons = $('<div class="carillon-entry-buttons">');
	const run = (what: 'sendAgain' | 'drop', said: string) => {
		const all = buttons.find('button').prop('disabled', true);
		ask(`${of}/${what}`, { node, message: id })
			.done(() => {
				box.remove();
				refreshKeeping(node, which, said);
			})
			.fail((request) => {
				all.prop('disabled', false);
				status.text(complaint(request));
			});
	};
	if (which === 'dead' || which === 'done' || entry.due !== undefined)
		buttons.append(
			button('fa-paper-plane', say(which === 'waiting' ? 'kept.sendNow' : 'kept.sendAgain'))
				.addClass('carillon-again')
				.on('click', () => run('sendAgain', say('kept.sentAgain'))),
		);
	return box.append(buttons.append(dropButton(() => run('drop', say('kept.dropped')))));
}

/** It asks once more, in its own place. */
function dropButton(drop: () => void): Query {
	const made = button('fa-trash', say('kept.drop')).addClass('carillon-drop');
	const label = made.find('span');
	let isAsked = false;
	const ask = (on: boolean) => {
		isAsked = on;
		made.toggleClass('carillon-sure', on);
		label.text(` ${say(on ? 'kept.sure' : 'kept.drop')}`);
	};
	return made.on('blur', () => ask(false)).on('click', () => (isAsked ? drop() : ask(true)));
}

/** Whoever uses the keyboard goes on at the list that he was in. */
function refreshKeeping(node: string, which: Which, said: string): void {
	refresh(() => {
		status.text(said);
		const box = body!.find('.carillon-keeper').filter(`[data-node="${node}"]`);
		box.find(`details[data-which="${which}"] > summary`).trigger('focus');
	});
}

const button = (icon: string, text: string): Query =>
	$('<button type="button" class="red-ui-button red-ui-button-small">').append(
		$(`<i class="fa ${icon}" aria-hidden="true">`),
		$('<span>').text(` ${text}`),
	);

function factsOf(which: Which, { since, due, ended, attempts, lane, files }: Entry): string {
	return [
		say('kept.since', { time: time(since) }),
		ended !== undefined && say(which === 'done' ? 'kept.deliveredAt' : 'kept.givenUpAt', { time: time(ended) }),
		due !== undefined && say('kept.next', { time: time(due) }),
		attempts > 0 && say('kept.attempts', { attempts }),
		lane !== undefined && lane !== 'all' && say('kept.lane', { lane }),
		files > 0 && say('kept.files', { files }),
	]
		.filter(Boolean)
		.join(' · ');
}

function deliveredBy({ channel, handled, ids, parts, degraded, warnings }: Sent): string {
	const name = textOf(`carillon-${channel}`, 'label') ?? channel;
	if (handled !== undefined) return say('kept.handled', { name, why: handled });
	return [
		say('kept.by', { name }),
		parts > 1 ? say('parts', { parts }) : '',
		degraded.length ? say('degraded', { what: lostParts(degraded) }) : '',
		...warnings,
		ids.length ? `ID: ${ids.join(', ')}` : '',
	]
		.filter(Boolean)
		.join(' ');
}

/** Of today the time alone. */
function time(ms: number): string {
	const then = new Date(ms);
	const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
	const isToday = then.toDateString() === new Date().toDateString();
	return then.toLocaleString(RED.i18n.lang(), isToday ? clock : { month: 'short', day: 'numeric', ...clock });
}
