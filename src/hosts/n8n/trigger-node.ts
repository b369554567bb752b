import type { IExecuteFunctions, INodeType, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Trigger } from '../../core/define/trigger';
import { credentialType } from './names';
import { openings } from './trigger/opening';
import { connect } from './trigger/connection';
import { describe } from './trigger/description';
import { keepFromPublishing, playSample } from './trigger/sample';
import { answer } from './trigger/webhook';

/** A trigger's node: requests by n8n's webhooks, polls and sockets while the workflow is active. */
export function triggerNode(trigger: Trigger) {
	const account = credentialType(trigger.accountOf ?? trigger.id);
	return class implements INodeType {
		description = describe(trigger, account);
		webhook?: INodeType['webhook'];
		webhookMethods?: INodeType['webhookMethods'];
		trigger?: INodeType['trigger'];
		execute?: INodeType['execute'];

		constructor() {
			if (trigger.receive) {
				this.webhook = function (this: IWebhookFunctions) {
					return answer(this, trigger, account);
				};
				if (trigger.access) this.webhookMethods = openings(trigger, account);
			}
			if (trigger.samples) {
				this.execute = function (this: IExecuteFunctions) {
					return playSample(this, trigger, account);
				};
				this.trigger = function (this: ITriggerFunctions) {
					return keepFromPublishing(this, trigger, account);
				};
			}
			if (trigger.connect) {
				this.trigger = function (this: ITriggerFunctions) {
					return connect(this, trigger, account);
				};
			}
		}
	};
}
