import { definitions } from '../../../scripts/definitions';
import { isShown, type Fields } from '../../../src/core/base/field';
import { triggerAccount } from '../../../src/core/receive/reception';
import type { Trigger } from '../../../src/core/define/trigger';

/** A trigger that goes to its service by itself, as it is set up for that. */
export interface Caller {
	name: string;
	trigger: Trigger;
	/** With the service at this address. */
	account(url: string): Record<string, unknown>;
	options(url: string): Record<string, unknown>;
}

/** Every trigger that connects, in each of the ways that its form offers. */
export function callers(): Caller[] {
	return definitions()
		.flatMap(({ definition }) => (definition.type === 'trigger' ? [definition as Trigger] : []))
		.filter(({ connect }) => connect)
		.flatMap((trigger) => {
			const modes = Object.keys(trigger.options.mode?.options ?? { '': '' });
			return modes.map((mode) => ({
				name: `${trigger.id} ${mode}`.trim(),
				trigger,
				account: (url: string) => ({
					...filled(triggerAccount(trigger), url, trigger),
					...(trigger.account.baseUrl && { baseUrl: url }),
				}),
				// Whatever makes it ask for something.
				options: (url: string) => ({
					...(mode && { mode }),
					...('wsUrl' in trigger.options && { wsUrl: url.replace('http', 'ws') }),
					...('pushCommands' in trigger.options && { pushCommands: true, commands: 'help = Help' }),
					...('publicUrl' in trigger.options &&
						mode === 'webhook' && { publicUrl: 'https://example.com/hook' }),
				}),
			}));
		});
}

/** What a form asks for, filled in with what passes for it. */
function filled(fields: Fields, url: string, { id }: Trigger): Record<string, unknown> {
	const known: Record<string, Record<string, unknown>> = {
		telegramTrigger: { botToken: '123456:AAtest-token_of_nobody' },
		slackTrigger: { botToken: 'xoxb-test-bot-token', appToken: 'xapp-test-app-token', signingSecret: 'secret' },
		dingtalkTrigger: { robot: 'app', clientId: 'dingtestclientid', appSecret: 'test-client-secret' },
		wecomAppTrigger: {
			...{ corpId: 'wx5823bf96d3bd56c7', corpSecret: 'secret-of-the-app', agentId: 1 },
			...{ callbackToken: 'QDG6eK', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' },
		},
	};
	const values: Record<string, unknown> = { ...known[id] };
	for (const [key, field] of Object.entries(fields)) {
		if (key in values || field.optional || field.default !== undefined || !isShown(fields, key, values)) continue;
		values[key] =
			field.kind === 'url' ? url : field.kind === 'number' ? 1 : (field.placeholder ?? 'sample-value-1');
	}
	return values;
}
