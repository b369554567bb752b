import type { IExecuteFunctions, INodeExecutionData, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { invalid } from '../../../core/base/errors';
import type { Trigger } from '../../../core/define/trigger';
import { play } from '../../../core/receive/playing';
import { toItem } from '../binary';
import { sampleParameter } from './description';
import { faultOf } from './opening';
import { accountOf, optionsOf } from './receptions';

/**
 * What came by webhook goes on as it is. When the workflow is run by hand with a sample chosen, what that sender would
 * send comes in its place. By `execute`, since n8n waits for ever for a `trigger` that has nothing to tell by hand.
 */
export async function playSample(
	host: IExecuteFunctions,
	trigger: Trigger,
	accountType: string,
): Promise<INodeExecutionData[][]> {
	const sample = host.getNodeParameter(sampleParameter, 0, '') as string;
	if (sample === '' || host.getMode() !== 'manual') return [host.getInputData()];
	const caller = asTrigger(host);
	const account = await accountOf(caller, trigger, accountType);
	try {
		const happenings = play(trigger, sample, { account, options: optionsOf(caller, trigger) });
		return [await Promise.all(happenings.map((happening) => toItem(host, happening)))];
	} catch (thrown) {
		throw faultOf(caller, trigger, account, thrown);
	}
}

/** As n8n publishes the workflow. */
export async function keepFromPublishing(
	host: ITriggerFunctions,
	trigger: Trigger,
	accountType: string,
): Promise<ITriggerResponse> {
	if (host.getNodeParameter(sampleParameter, '') === '') return {};
	const fault = invalid(sampleParameter, {
		en: 'Choose “No” at “Play a sample event” first: while a sample is played, nothing is received.',
		zh: '请先在“Play a sample event”处选择“No”：播放示例时不会接收任何请求。',
	});
	throw faultOf(host, trigger, await accountOf(host, trigger, accountType), fault);
}

/** Parameters of a trigger stand beside no items. */
const asTrigger = (host: IExecuteFunctions) =>
	({
		getNode: () => host.getNode(),
		getCredentials: (type: string) => host.getCredentials(type, 0),
		getNodeParameter: (name: string, otherwise: object) => host.getNodeParameter(name, 0, otherwise),
	}) as unknown as ITriggerFunctions;
