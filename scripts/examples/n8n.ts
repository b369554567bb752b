/** The examples of n8n: a canvas with its sections beside each other. */
import type { Text } from '../../src/core/base/language';
import type { Channel } from '../../src/core/define/channel';
import { takesRequests, type Trigger } from '../../src/core/define/trigger';
import { displayName } from '../../src/hosts/n8n/names';
import { defaultPath } from '../../src/hosts/node-red/properties';
import type { Flow } from '../../src/core/define/flow';
import type { Passing } from '../../src/core/define/passing';
import { countOfOutputs, recipeWords, type Recipe } from './recipes';
import { both, channelSections, hash, message, paragraphs, ping, triggerSections, words } from './words';

interface N8nNode {
	parameters: object;
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [x: number, y: number];
	webhookId?: string;
}

interface Workflow {
	name: string;
	nodes: N8nNode[];
	connections: Record<string, { main: { node: string; type: 'main'; index: 0 }[][] }>;
	settings: object;
	active: false;
}

const canvas = { rows: 6, row: 176, column: 480, note: 344 } as const;

function workflow(name: Text, nodes: readonly N8nNode[], wires: readonly [from: string, to: string[]][]): Workflow {
	return {
		name: both(name),
		nodes: [...nodes],
		connections: Object.fromEntries(
			wires.map(([from, to]) => [from, { main: [to.map((node) => ({ node, type: 'main', index: 0 }))] }]),
		),
		settings: { executionOrder: 'v1' },
		active: false,
	};
}

const base = (
	type: string,
	typeVersion: number,
	id: string,
	name: string,
	position: [number, number],
	parameters: object = {},
): N8nNode => ({ parameters, id, name, type: `n8n-nodes-base.${type}`, typeVersion, position });

/** Stands behind what it speaks of. */
const sticky = (
	id: string,
	content: string,
	[x, y]: [number, number],
	[width, height]: [number, number],
	color: number,
): N8nNode => base('stickyNote', 1, `note-${id}`, `Note: ${id}`, [x, y], { content, width, height, color });

/** Without a credential: an empty one would keep n8n from running any step of the workflow. */
const own = (
	definition: Channel | Trigger | Flow | Passing,
	id: string,
	position: [number, number],
	parameters: object = {},
): N8nNode => ({
	parameters,
	id,
	name: displayName(definition),
	type: `@carillon/n8n-nodes-carillon.${definition.id}`,
	typeVersion: 1,
	position,
});

/** As many columns as needed, of about the same length. */
function columnsOf<Each>(all: readonly Each[], rows: number): Each[][] {
	const count = Math.ceil(all.length / rows);
	const each = Math.ceil(all.length / count);
	return Array.from({ length: count }, (_, index) => all.slice(index * each, (index + 1) * each));
}

const heading = (title: Text, note: string) => `## ${both(title)}\n${note}`;

/** The message goes along the top, from column to column, and down into each. */
export function n8nChannels(channels: readonly Channel[]): Workflow {
	const nodes: N8nNode[] = [
		sticky(
			'how',
			heading(
				words.channels,
				paragraphs({
					en: 'Keep the channels that you use and delete the others. Choose a credential in one of them, then *Execute step* there; the whole workflow runs when none is missing.',
					zh: '保留要用的渠道，删除其余的。在某个节点中选好凭据，点它的 *Execute step* 即可单独发送；全部填好后可运行整个工作流。',
				}),
			),
			[-448, -canvas.note - 48],
			[400, canvas.note],
			7,
		),
		base('manualTrigger', 1, 'start', 'Start', [-300, 0]),
	];
	const wires: [string, string[]][] = [];
	let column = 0;
	let before = 'Start';
	for (const [index, { title, note, each }] of channelSections(channels).entries()) {
		const columns = columnsOf(each, canvas.rows);
		const longest = Math.max(...columns.map((one) => one.length));
		nodes.push(
			sticky(
				title.en,
				heading(title, note),
				[column * canvas.column - 48, -canvas.note - 48],
				[columns.length * canvas.column - 16, canvas.note + 48 + (longest + 1) * canvas.row + 16],
				index + 4,
			),
		);
		for (const these of columns) {
			const x = column * canvas.column;
			const isFirst = column === 0;
			const head = isFirst
				? base('set', 3.4, 'message', 'Message', [x, 0], {
						mode: 'raw',
						jsonOutput: JSON.stringify({ message }, null, 2),
						options: {},
					})
				: base('noOp', 1, `on-${column}`, `Pass on ${column}`, [x, 0]);
			const placed = these.map((channel, row) => own(channel, channel.id, [x + 208, (row + 1) * canvas.row]));
			nodes.push(head, ...placed);
			const into = wires.find(([from]) => from === before);
			if (into) into[1].unshift(head.name);
			else wires.push([before, [head.name]]);
			wires.push([head.name, placed.map(({ name }) => name)]);
			before = head.name;
			column++;
		}
	}
	return workflow(words.channels, nodes, wires);
}

/** From left to right: the trigger, the node, whoever stands behind it, each with its note. */
export function n8nRecipe(
	recipe: Recipe,
	trigger: Trigger,
	flow: Flow | Passing,
	channels: readonly Channel[],
): Workflow {
	const { file, title, name, settings, events, note, told } = recipe;
	const source: N8nNode = {
		...own(trigger, 'trigger', [0, 0], {
			path: `carillon/${file}`,
			...(events && { settings: { events } }),
		}),
		...{ name: both(recipeWords.happened), webhookId: uuid(file) },
	};
	const middle: N8nNode = { ...own(flow, flow.id, [320, 0], settings), name: both(name) };
	const behind = told.map(({ channel, name }, at) => ({
		...own(
			channels.find(({ id }) => id === channel)!,
			channel,
			[640, at * canvas.row],
		),
		name: both(name),
	}));
	const outputs = countOfOutputs(flow, settings);
	const height = 344 + Math.max(1, told.length) * canvas.row;
	const of = (at: number): [number, number] => [at * 320 - 48, -canvas.note];
	const size: [number, number] = [304, height];
	const made = workflow(
		title,
		[
			sticky('in', heading(recipeWords.in, paragraphs(recipeWords.inNote)), of(0), size, 7),
			sticky('middle', heading(name, paragraphs(note, recipeWords.published)), of(1), size, 4),
			sticky('out', heading(recipeWords.out, paragraphs(recipeWords.outNote)), of(2), size, 7),
			...[source, middle, ...behind],
		],
		[[source.name, [middle.name]]],
	);
	const wires = Array.from({ length: outputs }, (_, output) =>
		told
			.filter((one) => one.outputs.includes(output))
			.map(({ name }) => ({ node: both(name), type: 'main' as const, index: 0 as const })),
	);
	return { ...made, connections: { ...made.connections, [middle.name]: { main: wires } } };
}

const rowsOfTriggers = 4;
const triggerNote = 280;

export function n8nTriggers(triggers: readonly Trigger[], channels: readonly Channel[]): Workflow {
	const nodes: N8nNode[] = [];
	const wires: [string, string[]][] = [];
	let left = 0;
	for (const [index, { title, note, each }] of triggerSections(triggers, channels).entries()) {
		const width = each.some(({ channel }) => channel) ? 720 : canvas.column;
		const columns = columnsOf(each, rowsOfTriggers);
		const longest = Math.max(...columns.map((one) => one.length));
		const advice = paragraphs({
			en: 'Copy the row that you need into a workflow of your own: n8n publishes one only when nothing in it is missing.',
			zh: '把需要的一行复制到自己的工作流中：须全部填好才能发布。',
		});
		nodes.push(
			sticky(
				title.en,
				heading(title, `${note}\n\n${advice}`),
				[left - 48, -triggerNote - 48],
				[columns.length * width - 16, triggerNote + 48 + longest * canvas.row + 16],
				index + 4,
			),
		);
		for (const [at, pairs] of columns.entries()) {
			for (const [row, { trigger, channel }] of pairs.entries()) {
				const [x, y] = [left + at * width, row * canvas.row];
				const source: N8nNode = {
					...own(trigger, trigger.id, [x, y], {
						...(takesRequests(trigger, {}) && { path: defaultPath(trigger).slice(1) }),
					}),
					...(trigger.receive && { webhookId: uuid(trigger.id) }),
				};
				nodes.push(source);
				if (!channel) continue;
				const isAsked = `Is it /${ping.command}? (${channel.name})`;
				const answer = own(channel, channel.id, [x + 448, y], {
					message: ping.answer,
					options: { allowTo: true },
				});
				nodes.push(
					base('filter', 2.2, `${trigger.id}-ping`, isAsked, [x + 224, y], isPing(trigger.id)),
					answer,
				);
				wires.push([source.name, [isAsked]], [isAsked, [answer.name]]);
			}
		}
		left += columns.length * width;
	}
	return workflow(words.triggers, nodes, wires);
}

const isPing = (id: string) => ({
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		conditions: [
			{
				id: `${id}-is-ping`,
				leftValue: '={{ $json.event.command }}',
				rightValue: ping.command,
				operator: { type: 'string', operation: 'equals' },
			},
		],
		combinator: 'and',
	},
	looseTypeValidation: true,
	options: {},
});

/** Of version 4 in form, and always the same. */
const uuid = (text: string) => hash(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
