import { fc } from './property';
import { definitions } from '../scripts/definitions';
import type { Channel } from '../src/core/define/channel';
import { isChannelError, redactor, seal } from '../src/core/base/errors';
import type { Reply } from '../src/core/http/http';
import { judge } from '../src/core/http/judge';
import { holds, longRun, longRuns, quickly } from './longRun';

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' ? [{ id, channel: definition as Channel }] : [],
);

/** What services put their codes and words under; the rest of what is asked for stands below `data`. */
const names = ['code', 'errcode', 'retcode', 'StatusCode', 'status', 'ok', 'success', 'error', 'errmsg', 'msg'];
const words = ['message', 'info', 'reason', 'description', 'wording', 'StatusMessage', 'result', 'detail', 'desp'];
const flat = (run: string) => Object.fromEntries([...names, ...words].map((name) => [name, run]));

const replies = longRun.chain((run) =>
	fc
		.record({
			status: fc.constantFrom(200, 400, 401, 404, 429, 500),
			json: fc.constantFrom<unknown>(
				undefined,
				flat(run),
				{ code: 1, message: run },
				{ data: flat(run), error: flat(run), ok: false },
				{ data: [flat(run)], errors: [run], response_metadata: { messages: [run] } },
				run,
			),
			headers: fc.constantFrom<Record<string, string>>({}, { 'retry-after': run.slice(0, 16_000) }),
			before: fc.constantFrom('', '<html>', '<title'),
		})
		.map(({ before, ...reply }) => ({ ...reply, text: before + run }) as Reply),
);

const runs = longRuns(100);
const redact = redactor(['0123456789abcdef', 'https://example.com/hook?key=0123456789']);

test.each(channels)(
	`$id is held up by no answer (${runs} runs)`,
	({ channel }) =>
		holds(
			fc.property(replies, (reply) => {
				quickly(() => {
					try {
						judge({ name: { en: channel.name, zh: channel.zh }, replies: channel.replies }, reply);
					} catch (error) {
						if (!isChannelError(error)) throw error;
						expect(seal(error, 'en', redact).message.length).toBeLessThan(1_000);
					}
					redact(reply.text);
				});
			}),
			runs,
		),
	60_000 + runs * 2_000,
);
