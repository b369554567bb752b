/** Makes a flow of what another program was set to: an entry in the main menu, and its form in the sidebar. */
import { ask, complaint } from './ask';
import { $, RED, later, type Query } from './host';
import { say } from './texts';

const action = 'carillon:import';

/** The kind of node that makes it; without one the form stays hidden. */
let of: string | undefined;
let box: Query | undefined;
let settings: Query;

/** @param show opens the sidebar */
export function offerImport(kind: string, show: () => void): void {
	if (of !== undefined) return;
	of = kind;
	box?.show();
	RED.actions.add(action, () => {
		show();
		box?.prop('open', true);
		later(() => settings.trigger('focus'));
	});
	RED.menu.addItem('red-ui-header-button-sidemenu', {
		...{ id: 'carillon-menu-import', label: say('import.menu'), onselect: action },
	});
}

export function importBox(): Query {
	settings = $('<textarea rows="8" spellcheck="false">').attr('aria-label', say('import.title'));
	const status = $('<div class="carillon-import-status" role="status">');
	const button = $('<button type="button" class="red-ui-button carillon-import-run">').text(say('import.run'));
	button.on('click', () => {
		button.prop('disabled', true);
		status.text(say('kept.looking')).removeClass('carillon-bad');
		const request = ask(`${of}/importFlow`, { settings: settings.val() });
		request
			.done(({ flow, left }: { flow: { id: string; type: string }[]; left: string[] }) => {
				put(flow);
				settings.val('');
				status.empty().append(...[say('import.done'), ...left].map((text) => $('<div>').text(text)));
			})
			.fail(() => status.addClass('carillon-bad').text(complaint(request)))
			.always(() => button.prop('disabled', false));
	});
	box = $('<details class="carillon-import">').append(
		$('<summary>').text(say('import.title')),
		$('<div class="carillon-help">').text(say('import.help')),
		...[settings, button, status],
	);
	return box.toggle(of !== undefined);
}

/** On a tab of its own, as the editor's own *Import* does it: it can be undone, and is not deployed yet. */
function put(flow: readonly { id: string; type: string }[]): void {
	RED.view.importNodes(flow, { addFlow: false, generateIds: false, notify: true });
	const tab = flow.find(({ type }) => type === 'tab');
	if (tab) RED.workspaces.show(tab.id);
}
