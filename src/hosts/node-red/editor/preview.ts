/** What the templates make of a sample, in the account’s language, which messages are written in. */
import { ask, complaint } from './ask';
import { fieldsOf, formOf } from './forms';
import { $, RED, document, type Answer, type EditorNode, type Query } from './host';
import { language, say } from './texts';
import { input, valueOf } from './values';

interface Shown {
	title?: string;
	html: string;
	fields: { name: string; value: string }[];
	warnings?: string[];
}

export function makePreview(node: EditorNode, form: Query): void {
	const { of, trigger } = formOf(node.type)!;
	const preview = trigger?.preview;
	if (!preview) return;
	const sample = form.find('.carillon-sample');
	const result = form.find('.carillon-preview-result');
	let latest: Answer | undefined;
	const show = () => {
		const account = RED.nodes.node(input(node, 'account').val());
		const options = Object.values(fieldsOf(node))
			.filter(({ key, name }) => preview.fields.includes(key ?? name))
			.map(({ key, name }) => [key ?? name, valueOf(node, name)]);
		const asked = {
			sample: sample.val(),
			options: Object.fromEntries(options),
			language: account && valueOf(account, 'language'),
		};
		const request = (latest = ask(`${of}/preview`, asked));
		request
			.done((shown: Shown) => latest === request && result.empty().append(paper(shown)))
			.fail(() => {
				if (latest !== request) return;
				const { problem } = (request.responseJSON ?? {}) as { problem?: { en: string; zh: string } };
				const why = problem ? problem[language()] : complaint(request);
				result.empty().append($('<div class="carillon-bad">').text(why));
			});
	};
	form.find('.carillon-preview').on('click', (event) => {
		event.preventDefault();
		show();
	});
	sample.on('change', () => latest && show());
	offerOnlyOfSender(node, form, sample, trigger.samples!.by);
	form.find('.carillon-play').on('click', (event) => {
		event.preventDefault();
		const told = (kind: string, text: string) =>
			result.empty().append($(`<div class="carillon-${kind}">`).text(text));
		ask(`${of}/play`, { node: node.id, sample: sample.val() })
			.done(() => told('good', say('played')))
			.fail((request) => told('bad', complaint(request)));
	});
}

/** All of them where the sender is to be recognised, else its own. */
function offerOnlyOfSender(node: EditorNode, form: Query, sample: Query, by: string): void {
	const groups = sample.find('optgroup').toArray();
	const update = () => {
		const sender = valueOf(node, by);
		const chosen = sample.val();
		const own = groups.filter((group) => $(group).attr('data-by') === sender);
		sample.empty().append(own.length ? own : groups);
		if (sample.find('option').filter(`[value="${String(chosen)}"]`).length) sample.val(chosen);
		else sample.find('option').first().prop('selected', true);
	};
	form.on('change', 'select', (event) => void (event.target === input(node, by)[0] && update()));
	update();
}

/** The HTML is the server’s own printing of Markdown, in which everything else is escaped. */
function paper({ title, html, fields, warnings = [] }: Shown): Query {
	const sheet = $('<div class="carillon-paper">');
	if (title) sheet.append($('<div class="carillon-paper-title">').text(title));
	sheet.append($('<div>').html(html));
	for (const { name, value } of fields)
		sheet.append($('<div>').append($('<b>').text(`${name}: `), document.createTextNode(value)));
	sheet.find('a').attr({ target: '_blank', rel: 'noopener noreferrer' });
	const told = warnings.map((text) => $('<div class="carillon-warning">').text(text));
	return $('<div>').append(...told, sheet);
}
