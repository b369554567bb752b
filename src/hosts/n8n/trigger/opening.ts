import { NodeOperationError, type IHookFunctions, type INodeType } from 'n8n-workflow';
import { redactor, seal } from '../../../core/base/errors';
import { read } from '../../../core/base/field';
import { secretsOf } from '../../../core/base/secrets';
import { accessOf, type Connecting, type Trigger } from '../../../core/define/trigger';
import { triggerAccount } from '../../../core/receive/reception';
import { accountOf, optionsOf, type Host } from './receptions';
import { webhooks } from './description';

/** n8n asks these as it publishes a workflow, and as it listens for a test event: what is closed is not published. */
export function openings(trigger: Trigger, accountType: string): INodeType['webhookMethods'] {
	const opening = {
		checkExists: () => Promise.resolve(false),
		async create(this: IHookFunctions) {
			await checkOpening(this, trigger, accountType);
			return true;
		},
		delete: () => Promise.resolve(true),
	};
	return Object.fromEntries(webhooks(trigger).map(({ name }) => [name, opening]));
}

/** @throws NodeOperationError that says what is missing to tell who calls */
export async function checkOpening(host: Host, trigger: Trigger, accountType: string): Promise<void> {
	const raw = await accountOf(host, trigger, accountType);
	let closed: unknown;
	try {
		const account = read(triggerAccount(trigger), raw) as Connecting['account'];
		closed = accessOf(trigger, { account, options: read(trigger.options, optionsOf(host, trigger)) });
	} catch (thrown) {
		closed = thrown;
	}
	if (typeof closed === 'string') return;
	throw faultOf(host, trigger, raw, closed);
}

/** The sentence in the account's language, without its secrets. */
export function faultOf(
	host: Host,
	trigger: Trigger,
	raw: Record<string, unknown>,
	thrown: unknown,
): NodeOperationError {
	const redact = redactor(secretsOf(triggerAccount(trigger), raw));
	const { message } = seal(thrown, raw.language === 'zh' ? 'zh' : 'en', redact, trigger.id);
	const error = new NodeOperationError(host.getNode(), message);
	error.message = message;
	return error;
}
