import type { IExecuteFunctions, INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import { invalid } from '../../../core/base/errors';
import type { Trigger } from '../../../core/define/trigger';
import { play } from '../../../core/receive/playing';
import { toItem } from '../binary';
import { sampleParameter } from './description';
import { asTrigger } from './by-hand';
import { faultOf } from './opening';
import { accountOf, optionsOf } from './receptions';

export const sampleOf = (host: IExecuteFunctions): string => host.getNodeParameter(sampleParameter, 0, '') as string;

/** What that sender would send, in the place of what comes. */
export async function playSample(
	host: IExecuteFunctions,
	trigger: Trigger,
	accountType: string,
	sample: string,
): Promise<INodeExecutionData[][]> {
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
): Promise<void> {
	if (host.getNodeParameter(sampleParameter, '') === '') return;
	const fault = invalid(sampleParameter, {
		en: 'Choose “No” at “Play a sample event” first: while a sample is played, nothing is received.',
		zh: '请先在“Play a sample event”处选择“No”：播放示例时不会接收任何请求。',
	});
	throw faultOf(host, trigger, await accountOf(host, trigger, accountType), fault);
}
