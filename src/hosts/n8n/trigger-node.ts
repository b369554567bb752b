import type {
	IExecuteFunctions,
	INodeType,
	ITriggerFunctions,
	ITriggerResponse,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { Trigger } from '../../core/define/trigger';
import { credentialType } from './names';
import { openings } from './trigger/opening';
import { connect } from './trigger/connection';
import { describe } from './trigger/description';
import { letInAgain } from './trigger/keep';
import { optionsOf } from './trigger/receptions';
import { run } from './trigger/running';
import { keepFromPublishing } from './trigger/sample';
import { answer } from './trigger/webhook';

/**
 * A trigger's node: requests by n8n's webhooks, polls and sockets while the workflow is active. Both start an execution,
 * which begins with the node's own `execute`.
 */
export function triggerNode(trigger: Trigger) {
	const account = credentialType(trigger.accountOf ?? trigger.id);
	return class implements INodeType {
		description = describe(trigger, account);
		webhook?: INodeType['webhook'];
		webhookMethods?: INodeType['webhookMethods'];

		constructor() {
			if (trigger.receive) {
				this.webhook = function (this: IWebhookFunctions) {
					return answer(this, trigger, account);
				};
				if (trigger.access) this.webhookMethods = openings(trigger, account);
			}
		}

		execute(this: IExecuteFunctions) {
			return run(this, trigger, account);
		}

		trigger(this: ITriggerFunctions) {
			return publish(this, trigger, account);
		}
	};
}

/** While the workflow is published. */
async function publish(host: ITriggerFunctions, trigger: Trigger, account: string): Promise<ITriggerResponse> {
	if (trigger.samples) await keepFromPublishing(host, trigger, account);
	const connection = trigger.connect ? await connect(host, trigger, account) : {};
	const stop = letInAgain(host, optionsOf(host, trigger));
	if (!stop) return connection;
	const { closeFunction } = connection;
	return {
		...connection,
		closeFunction: async () => void (await Promise.all([closeFunction?.call(connection), stop()])),
	};
}
