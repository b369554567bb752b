/** The button that really sends. */
import { accountOf, accountValues } from './account';
import { ask, complaint } from './ask';
import { fieldsOf, formOf } from './forms';
import type { EditorNode, Query } from './host';
import { lostParts, say } from './texts';
import { isLiteral, isShown, valueOf } from './values';

interface Receipt {
	ms: number;
	parts: number;
	degraded: string[];
	warnings: string[];
	ids: string[];
}

export function makeTest(node: EditorNode, form: Query): void {
	form.find('.carillon-test').on('click', (event) => {
		event.preventDefault();
		sendTest(node, form);
	});
	// It was another form that had been sent with.
	form.on('input change', 'input, select, textarea', () => show(form, '', ''));
}

function sendTest(node: EditorNode, form: Query): void {
	const { of, isAccount } = formOf(node.type)!;
	const account = accountOf(node);
	if (!account && node._def.defaults.account?.required !== false) return show(form, 'bad', say('account'));
	const options = Object.values(isAccount ? {} : fieldsOf(node))
		.filter(({ part, operation, secret }) => part === 'option' && operation === 'send' && !secret)
		.filter((field) => isShown(node, field.name) && isLiteral(node, field))
		.map(({ key, name }) => [key ?? name, valueOf(node, name)]);
	show(form, '', say('sending'));
	const button = form.find('.carillon-test').prop('disabled', true).addClass('disabled');
	ask(`${of}/test`, {
		options: Object.fromEntries(options),
		...(account && { account: account.id, values: accountValues(account) }),
	})
		.done((receipt: Receipt) => show(form, 'good', describe(receipt)))
		.fail((request) => show(form, 'bad', complaint(request)))
		.always(() => button.prop('disabled', false).removeClass('disabled'));
}

function describe({ ms, parts, degraded, warnings, ids }: Receipt): string {
	return [
		say('sent', { ms }),
		parts > 1 ? say('parts', { parts }) : '',
		degraded.length ? say('degraded', { what: lostParts(degraded) }) : '',
		...warnings,
		ids.length ? `ID: ${ids.join(', ')}` : '',
	]
		.filter(Boolean)
		.join(' ');
}

function show(form: Query, kind: 'good' | 'bad' | '', text: string): void {
	form.find('.carillon-test-result')
		.removeClass('carillon-good carillon-bad')
		.addClass(kind && `carillon-${kind}`)
		.text(text);
}
