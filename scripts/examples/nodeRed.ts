/** The examples of Node-RED: a tab with its sections beneath each other. */
import type { Text } from '../../src/core/base/language';
import type { Channel } from '../../src/core/define/channel';
import type { Trigger } from '../../src/core/define/trigger';
import { triggerAccount } from '../../src/core/receive/reception';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	defaultPath,
	flowProperties,
	literal,
	send,
	triggerAccountType,
	triggerProperties,
	typeOf,
	type Property,
} from '../../src/hosts/node-red/properties';
import type { Flow } from '../../src/core/define/flow';
import { isPassing, type Passing } from '../../src/core/define/passing';
import { countOfOutputs, recipeWords, type Recipe } from './recipes';
import { both, channelSections, hash, message, paragraphs, ping, triggerSections, words, type Section } from './words';

type RedNode = Record<string, unknown> & { id: string; type: string };

const grid = { left: 40, width: 820, row: 60, head: 120, columns: [180, 460, 720] } as const;

/** Ids stay when others come and go. */
const redId = (file: string) => (what: string) => `c0a4${hash(`${file} ${what}`).slice(0, 12)}`;

/** What a new node starts with. A field that is empty stays away, and so does a type that goes without saying. */
function initial(properties: readonly Property[]): Record<string, unknown> {
	const kept = properties.filter(
		({ credential, operation = send, initial: { value } }) => !credential && operation === send && value !== '',
	);
	return Object.fromEntries(
		kept.flatMap(({ name, field, initial: { value, type } }): [string, unknown][] => [
			[name, value],
			...(type && type !== literal(field) ? [[`${name}_type`, type] as [string, unknown]] : []),
		]),
	);
}

/** Accounts with nothing filled in, one of a type. */
const redAccounts = (
	id: (what: string) => string,
	accounts: readonly { type: string; fields: Channel['account'] }[],
): RedNode[] =>
	[...new Map(accounts.map((one) => [one.type, one])).values()].map(({ type, fields }) => ({
		id: id(type),
		type,
		name: '',
		...initial(accountProperties(fields)),
	}));

/** A tab with its sections beneath each other. */
function redTab<Each>(
	id: (what: string) => string,
	label: Text,
	info: string,
	sections: readonly Section<Each>[],
	nodesOf: (section: Section<Each>, top: number) => { nodes: RedNode[]; height: number },
): RedNode[] {
	const z = id('tab');
	const all: RedNode[] = [{ id: z, type: 'tab', label: both(label), disabled: false, info }];
	let y = 40;
	for (const section of sections.filter(({ each }) => each.length > 0)) {
		const g = id(section.title.en);
		const about = {
			id: id(`${section.title.en} note`),
			type: 'comment',
			name: both(section.title),
			info: section.note,
			x: grid.left + grid.width / 2,
			y: y + 40,
			wires: [],
		};
		const { nodes, height } = nodesOf(section, y + grid.head);
		const members: RedNode[] = [about, ...nodes];
		const h = grid.head + height;
		all.push(
			{ id: g, type: 'group', z, name: '', style: { label: false }, nodes: members.map((node) => node.id) },
			...members.map(({ id, type, ...rest }) => ({ id, type, z, g, ...rest })),
		);
		Object.assign(
			all.find((node) => node.id === g)!,
			{ x: grid.left, y, w: grid.width, h },
		);
		y += h + 40;
	}
	const place = (column: number) => ({ z, x: grid.columns[column], y: y + 20 });
	return [
		...all,
		{
			id: id('catch'),
			type: 'catch',
			name: both(words.caught),
			scope: null,
			uncaught: false,
			...place(0),
			wires: [[id('error')]],
		},
		debug(id('error'), words.error, 'error', { ...place(1), tostatus: true, statusVal: 'error.message' }),
	];
}

const debug = (id: string, name: Text, complete: string, more: object): RedNode => ({
	id,
	type: 'debug',
	name: both(name),
	active: true,
	tosidebar: true,
	console: false,
	tostatus: false,
	complete,
	targetType: 'msg',
	statusVal: '',
	statusType: 'msg',
	...more,
	wires: [],
});

const redChannel = (id: string, channel: Channel, account: string, more: object): RedNode => ({
	id,
	type: typeOf(channel.id),
	name: '',
	account,
	operation: send,
	...initial(channelProperties(channel)),
	failures: false,
	outputs: 1,
	...more,
});

export function redChannels(channels: readonly Channel[]): RedNode[] {
	const id = redId('channels');
	const info = paragraphs({
		en: 'Press a group’s button, and one message goes to each of its channels.\n\nKeep the channels that you use and delete the others. Double-click one, then the pencil beside *Account*, and fill in what is marked; *Send test* tells whether it works.',
		zh: '按下一组的按钮，同一条消息会发往组内的每个渠道。\n\n保留要用的渠道，删除其余的。双击节点，点“账号”旁的铅笔，填好标出的项目；“发送测试”可检验是否可用。',
	});
	const tab = redTab(id, words.channels, info, channelSections(channels), ({ title, each }, top) => {
		const middle = top + ((each.length - 1) * grid.row) / 2;
		const inject = {
			id: id(`${title.en} inject`),
			type: 'inject',
			name: both(words.message),
			props: [{ p: 'payload' }],
			repeat: '',
			crontab: '',
			once: false,
			onceDelay: 0.1,
			topic: '',
			payload: JSON.stringify(message),
			payloadType: 'json',
			x: grid.columns[0],
			y: middle,
			wires: [each.map((channel) => id(channel.id))],
		};
		const receipt = id(`${title.en} receipt`);
		return {
			height: each.length * grid.row,
			nodes: [
				inject,
				...each.map((channel, row) =>
					redChannel(id(channel.id), channel, id(accountTypeOf(channel.id)), {
						x: grid.columns[1],
						y: top + row * grid.row,
						wires: [[receipt]],
					}),
				),
				debug(receipt, words.receipt, 'receipt', { x: grid.columns[2], y: middle }),
			],
		};
	});
	const accounts = channels.map((channel) => ({ type: accountTypeOf(channel.id), fields: channel.account }));
	return [...tab, ...redAccounts(id, accounts)];
}

/** One tab: the trigger, the node, whoever stands behind it. */
export function redRecipe(
	recipe: Recipe,
	trigger: Trigger,
	flow: Flow | Passing,
	channels: readonly Channel[],
): RedNode[] {
	const { file, title, name, settings, events, note, told } = recipe;
	const id = redId(file);
	const z = id('tab');
	const outputs = countOfOutputs(flow, settings);
	const channelOf = (wanted: string) => channels.find((one) => one.id === wanted)!;
	const comment = (what: string, said: Text, info: string, x: number, y: number): RedNode => ({
		...{ id: id(`${what} note`), type: 'comment', z, name: both(said), info, x, y, wires: [] },
	});
	const behind = told.map(({ channel, name }, at) => {
		const {
			id: of,
			type,
			...node
		} = redChannel(id(channel), channelOf(channel), id(accountTypeOf(channel)), {
			...{ name: both(name), x: grid.columns[2], y: 160 + at * grid.row, wires: [[]] },
		});
		return { id: of, type, z, ...node };
	});
	const { id: caught, error } = { id: id('catch'), error: id('error') };
	return [
		{ id: z, type: 'tab', label: both(title), disabled: false, info: paragraphs(note) },
		comment('in', recipeWords.in, paragraphs(recipeWords.inNote), 280, 60),
		comment('middle', recipeWords.middle, paragraphs(note), 280, 240),
		comment('out', recipeWords.out, paragraphs(recipeWords.outNote), grid.columns[2] + 60, 100),
		{
			...{ id: id(trigger.id), type: typeOf(trigger.id), z, name: both(recipeWords.happened) },
			account: id(triggerAccountType(trigger)),
			...initial(triggerProperties(trigger)),
			...{ path: `/carillon/${file}`, usual: false },
			...(events && { events }),
			...{ x: grid.columns[0], y: 160, wires: [[id(flow.id)]] },
		},
		{
			...{ id: id(flow.id), type: typeOf(flow.id), z, name: both(name) },
			...initial(flowProperties(flow)),
			...settings,
			...(isPassing(flow) && flow.branches && { outputs }),
			...{ x: grid.columns[1], y: 160 },
			wires: Array.from({ length: outputs }, (_, output) =>
				told.filter((one) => one.outputs.includes(output)).map(({ channel }) => id(channel)),
			),
		},
		...behind,
		{
			...{ id: caught, type: 'catch', z, name: both(words.caught), scope: null, uncaught: false },
			...{ x: grid.columns[0], y: 320, wires: [[error]] },
		},
		{
			...debug(error, words.error, 'error', {
				x: grid.columns[1],
				y: 320,
				tostatus: true,
				statusVal: 'error.message',
			}),
			z,
		},
		...redAccounts(id, [
			{ type: triggerAccountType(trigger), fields: triggerAccount(trigger) },
			...told.map(({ channel }) => ({ type: accountTypeOf(channel), fields: channelOf(channel).account })),
		]),
	];
}

export function redTriggers(triggers: readonly Trigger[], channels: readonly Channel[]): RedNode[] {
	const id = redId('triggers');
	const info = paragraphs({
		en: 'Each trigger shows what came in. Keep the rows that you use and delete the others; double-click a trigger, then the pencil beside *Account*, and fill in what is marked.',
		zh: '每个触发器都会显示收到的内容。保留要用的行，删除其余的；双击触发器，点“账号”旁的铅笔，填好标出的项目。',
	});
	const tab = redTab(id, words.triggers, info, triggerSections(triggers, channels), ({ each }, top) => {
		const pitch = each.some(({ channel }) => channel) ? grid.row * 1.5 : grid.row;
		const nodes = each.flatMap(({ trigger, channel }, row) => {
			const y = top + row * pitch;
			const account = id(triggerAccountType(trigger));
			const [own, shown, asked, answer] = ['', ' message', ' ping', ' answer'].map((part) =>
				id(trigger.id + part),
			);
			const source: RedNode = {
				id: own!,
				type: typeOf(trigger.id),
				name: '',
				account,
				...(trigger.receive && { path: defaultPath(trigger) }),
				...(trigger.receive && trigger.paths?.length && { usual: true }),
				...initial(triggerProperties(trigger)),
				x: grid.columns[0],
				y,
				wires: [channel ? [asked, shown] : [shown]],
			};
			if (!channel) return [source, debug(shown!, words.event, 'payload', { x: grid.columns[1], y })];
			return [
				source,
				debug(shown!, words.event, 'payload', { x: grid.columns[1], y: y + 40 }),
				{
					id: asked!,
					type: 'switch',
					name: `/${ping.command}`,
					property: 'event.command',
					propertyType: 'msg',
					rules: [{ t: 'eq', v: ping.command, vt: 'str' }],
					checkall: 'true',
					repair: false,
					outputs: 1,
					x: grid.columns[1],
					y,
					wires: [[answer]],
				},
				redChannel(answer!, channel, account, {
					message: ping.answer,
					message_type: 'str',
					allowTo: 'true',
					x: grid.columns[2],
					y,
					wires: [[]],
				}),
			];
		});
		return { nodes, height: each.length * pitch };
	});
	const accounts = triggers.map((trigger) => ({
		type: triggerAccountType(trigger),
		fields: channels.find(({ id }) => id === trigger.accountOf)?.account ?? triggerAccount(trigger),
	}));
	return [...tab, ...redAccounts(id, accounts)];
}
