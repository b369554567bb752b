import type { Text } from '../../core/base/language';
import type { Trigger } from '../../core/define/trigger';
import { answer, languageOf, offerEach } from './admin-route';
import type { Red } from './red';

/** Triggers as they are deployed, by node id: sends a sample on into the flow, or says why it cannot. */
export const playable = new Map<string, (sample: string) => Text | undefined>();

/** Lets the editor play a sample event into the flow as it is deployed: `POST <admin root>carillon-editor/<id>/play`. */
export function offerPlay(RED: Red, trigger: Trigger): void {
	offerEach(RED, 'play', trigger.id, (request, response) => {
		const { node, sample } = (request.body ?? {}) as { node?: unknown; sample?: unknown };
		const play = playable.get(String(node));
		const problem = play ? play(String(sample)) : notDeployed;
		if (problem) answer(response, 422, { ok: false, message: problem[languageOf(request)] });
		else answer(response, 200, { ok: true });
		return Promise.resolve();
	});
}

const notDeployed: Text = {
	en: 'Deploy this node first: a sample goes into the flow as it is deployed.',
	zh: '请先部署该节点：示例事件会进入已部署的流程。',
};
