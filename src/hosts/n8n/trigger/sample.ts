import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { invalid } from '../../../core/base/errors';
import type { Trigger } from '../../../core/define/trigger';
import { play } from '../../../core/receive/playing';
import { toItem } from '../binary';
import { sampleParameter } from './description';
import { faultOf } from './opening';
import { accountOf, optionsOf } from './receptions';

/** Instead of a request: what a sender would send, when the workflow is run by hand. */
export async function playSample(
	host: ITriggerFunctions,
	trigger: Trigger,
	accountType: string,
): Promise<ITriggerResponse> {
	const sample = host.getNodeParameter(sampleParameter, '') as string;
	if (sample === '') return {};
	const account = await accountOf(host, trigger, accountType);
	try {
		if (host.getMode() !== 'manual') {
			throw invalid(sampleParameter, {
				en: 'Choose “No” at “Play a sample event” first: while a sample is played, nothing is received.',
				zh: '请先在“Play a sample event”处选择“No”：播放示例时不会接收任何请求。',
			});
		}
		const happenings = await play(trigger, sample, { account, options: optionsOf(host, trigger) });
		const items = await Promise.all(happenings.map((happening) => toItem(host, happening)));
		return { manualTriggerFunction: () => Promise.resolve(host.emit([items])) };
	} catch (thrown) {
		throw faultOf(host, trigger, account, thrown);
	}
}
