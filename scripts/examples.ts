/** The examples that follow from the definitions: every channel and every trigger, ready to import into either host. */
import { createHash } from 'node:crypto';
import type { Channel } from '../src/core/define/channel';
import type { Text } from '../src/core/base/language';
import type { Message } from '../src/core/message/message';
import type { Trigger } from '../src/core/define/trigger';
import { takesRequests } from '../src/core/define/trigger';
import { triggerAccount } from '../src/core/receive/reception';
import { displayName } from '../src/hosts/n8n/names';
import {
	accountProperties,
	accountTypeOf,
	channelProperties,
	defaultPath,
	literal,
	send,
	triggerAccountType,
	triggerProperties,
	typeOf,
	type Property,
} from '../src/hosts/node-red/properties';
import { runsIn, type Found, type Host } from './definitions';

/** Path → content, as JSON. */
export function examples(found: readonly Found[]): [file: string, content: string][] {
	const made = (host: Host) => {
		const inHost = found.filter((one) => runsIn(one, host));
		return {
			channels: inHost
				.filter((one): one is Found<Channel> => one.kind === 'channels')
				.map((one) => one.definition),
			triggers: inHost
				.filter((one): one is Found<Trigger> => one.kind === 'triggers')
				.map((one) => one.definition),
		};
	};
	const red = made('node-red');
	const n8n = made('n8n');
	const files: [string, object][] = [
		['examples/node-red/channels.json', redChannels(red.channels)],
		['examples/node-red/triggers.json', redTriggers(red.triggers, red.channels)],
		['examples/n8n/channels.json', n8nChannels(n8n.channels)],
		['examples/n8n/triggers.json', n8nTriggers(n8n.triggers, n8n.channels)],
	];
	return files.map(([file, content]) => [file, JSON.stringify(content, null, '\t')]);
}

// What they say

const both = ({ en, zh }: Text) => (en === zh ? en : `${en} / ${zh}`);
const nameOf = ({ name, zh }: Channel | Trigger): Text => ({ en: name, zh });
const paragraphs = (...texts: readonly Text[]) =>
	[...texts.map(({ en }) => en), ...texts.map(({ zh }) => zh)].join('\n\n');

const message: Message = {
	title: 'Carillon',
	body: 'One message, **many channels**.\n\n一条消息，**多个渠道**。',
	level: 'info',
	url: 'https://example.com',
};

const words = {
	channels: { en: 'Channels', zh: '渠道' },
	triggers: { en: 'Triggers', zh: '触发器' },
	fixed: { en: 'The account says where it goes', zh: '由账号决定发往何处' },
	fixedNote: {
		en: 'A robot, a device or an address: nothing else is to be filled in.',
		zh: '机器人、设备或地址：填好账号即可，无需其他设置。',
	},
	chosen: { en: 'You choose the recipients', zh: '可选择接收者' },
	chosenNote: {
		en: 'In the account, on the node, or by the message’s own `to`, where *Message may choose the recipient* is on. What to write:',
		zh: '可填在账号中、节点上，或由消息自带的 `to` 指定（须打开“允许消息指定接收者”）。写法如下：',
	},
	chats: { en: 'Chats: /ping is answered in place', zh: '聊天：在原会话中回应 /ping' },
	chatsNote: {
		en: 'A trigger shares the account of its channel. Its message is addressed to where it came from: with *Message may choose the recipient* on, the channel answers there. Fill in *Allowed users*, else everyone who finds the bot is heard.',
		zh: '触发器与对应渠道共用账号。它给出的消息已指向来处：渠道打开“允许消息指定接收者”，便在原会话中回复。请填写“允许的用户”，否则任何找到机器人的人都会被响应。',
	},
	senders: { en: 'Media servers and other senders', zh: '媒体服务器等发送方' },
	sendersNote: {
		en: 'Point the sender at the address that the trigger’s form shows. The message goes to any channel as it is.',
		zh: '在发送方填写触发器表单中显示的地址。给出的消息可直接交给任意渠道。',
	},
	message: { en: 'One message', zh: '一条消息' },
	receipt: { en: 'Receipt', zh: '回执' },
	event: { en: 'Message', zh: '消息' },
	caught: { en: 'What went wrong', zh: '出错时' },
	error: { en: 'Error', zh: '错误' },
};

/** What people write to a chat here, and what they are told. */
const ping = { command: 'ping', answer: 'pong' };

/** How recipients are written, of each channel that says. */
const recipients = (channels: readonly Channel[]) =>
	channels
		.filter(({ to }) => to?.placeholder)
		.map((channel) => `- ${both(nameOf(channel))}: \`${channel.to!.placeholder}\``)
		.join('\n');

interface Section<Each> {
	title: Text;
	note: string;
	each: readonly Each[];
}

const channelSections = (channels: readonly Channel[]): Section<Channel>[] => {
	const fixed = channels.filter(({ to }) => !to);
	const chosen = channels.filter(({ to }) => to);
	return [
		{ title: words.fixed, note: paragraphs(words.fixedNote), each: fixed },
		{ title: words.chosen, note: `${paragraphs(words.chosenNote)}\n\n${recipients(chosen)}`, each: chosen },
	];
};

/** A trigger, and the channel that answers what came by it. */
interface Pair {
	trigger: Trigger;
	channel?: Channel;
}

const triggerSections = (triggers: readonly Trigger[], channels: readonly Channel[]): Section<Pair>[] => {
	const pairs = triggers.map((trigger): Pair => ({
		trigger,
		channel: channels.find(({ id, to }) => to && id === trigger.accountOf),
	}));
	return [
		{ title: words.chats, note: paragraphs(words.chatsNote), each: pairs.filter(({ channel }) => channel) },
		{ title: words.senders, note: paragraphs(words.sendersNote), each: pairs.filter(({ channel }) => !channel) },
	];
};

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

// Node-RED

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

function redChannels(channels: readonly Channel[]): RedNode[] {
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

function redTriggers(triggers: readonly Trigger[], channels: readonly Channel[]): RedNode[] {
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

// n8n

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
	connections: Record<string, { main: [{ node: string; type: 'main'; index: 0 }[]] }>;
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
	definition: Channel | Trigger,
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
function n8nChannels(channels: readonly Channel[]): Workflow {
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

const rowsOfTriggers = 4;
const triggerNote = 280;

function n8nTriggers(triggers: readonly Trigger[], channels: readonly Channel[]): Workflow {
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
