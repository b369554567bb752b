import { isChannelError, seal } from '../../../core/base/errors';
import type { Passing } from '../../../core/define/passing';
import { planOf } from '../../../flow/imported/plan';
import { answer, answerFailed, languageOf, offer } from '../admin-route';
import type { Red } from '../red';
import { flowOf } from './imported';

/**
 * Makes nodes of what another program was set to: `POST <admin root>carillon-editor/message/importFlow` with
 * `{ settings }`, answered with `{ flow, left }`, the nodes as the editor imports them.
 */
export function offerImport(RED: Red, { id }: Pick<Passing, 'id'>): void {
	offer(RED, `${id}/importFlow`, (request, response) => {
		const language = languageOf(request);
		try {
			const plan = planOf((request.body as { settings?: unknown } | undefined)?.settings);
			answer(response, 200, { ok: true, flow: flowOf(plan), left: plan.left.map((text) => text[language]) });
		} catch (thrown) {
			if (!isChannelError(thrown)) throw thrown;
			answerFailed(
				response,
				seal(thrown, language, (text) => text),
			);
		}
	});
}
