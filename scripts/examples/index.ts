/** The examples that follow from the definitions: every channel and every trigger, ready to import into either host. */
import type { Channel } from '../../src/core/define/channel';
import type { Flow } from '../../src/core/define/flow';
import type { Passing } from '../../src/core/define/passing';
import type { Trigger } from '../../src/core/define/trigger';
import { runsIn, type Found, type Host } from '../definitions';
import { n8nChannels, n8nRecipe, n8nTriggers } from './n8n';
import { redChannels, redRecipe, redTriggers } from './nodeRed';
import { recipes } from './recipes';

/** Path → content, as JSON. */
export function examples(found: readonly Found[]): [file: string, content: string][] {
	const made = (host: Host) => {
		const inHost = found.filter((one) => runsIn(one, host));
		return {
			channels: inHost
				.filter((one): one is Found<Channel> => one.kind === 'channel')
				.map((one) => one.definition),
			triggers: inHost
				.filter((one): one is Found<Trigger> => one.kind === 'trigger')
				.map((one) => one.definition),
		};
	};
	const red = made('node-red');
	const n8n = made('n8n');
	const flows = new Map(
		found
			.filter((one): one is Found<Flow | Passing> => one.kind === 'flow')
			.map(({ id, definition }) => [id, definition]),
	);
	const trigger = found.find((one): one is Found<Trigger> => one.id === 'webhookTrigger')?.definition;
	const ready = trigger ? recipes.filter(({ node }) => flows.has(node)) : [];
	const files: [string, object][] = [
		...ready.flatMap((recipe): [string, object][] => [
			[
				`examples/node-red/${recipe.file}.json`,
				redRecipe(recipe, trigger!, flows.get(recipe.node)!, red.channels),
			],
			[`examples/n8n/${recipe.file}.json`, n8nRecipe(recipe, trigger!, flows.get(recipe.node)!, n8n.channels)],
		]),
		['examples/node-red/channels.json', redChannels(red.channels)],
		['examples/node-red/triggers.json', redTriggers(red.triggers, red.channels)],
		['examples/n8n/channels.json', n8nChannels(n8n.channels)],
		['examples/n8n/triggers.json', n8nTriggers(n8n.triggers, n8n.channels)],
	];
	return files.map(([file, content]) => [file, JSON.stringify(content, null, '\t')]);
}
