import { choice, choices, definePassing, list, read, rows, text, toggle, type Values } from '../../core/define/passing';
import { factsOf, matching } from './matching';
import { moviePilotRows, qdRows, tautulliRows } from './presets';

const presets = { moviePilot: moviePilotRows, qd: qdRows, tautulli: tautulliRows };

const cells = {
	name: text('Name', {
		zh: '名称',
		optional: true,
		help: { en: 'What the output is called', zh: '输出端的名称' },
	}),
	on: toggle('On', { zh: '启用', default: true }),
	types: list('Types', {
		zh: '类型',
		optional: true,
		placeholder: 'library.*, *.failed',
		help: {
			en: 'Types of messages, or a sender’s own names of them; * stands for anything',
			zh: '消息类型，或发送方自己的类型名；* 代表任意内容',
		},
	}),
	levels: choices(
		'Levels',
		{
			info: ['Info', '信息'],
			success: ['Success', '成功'],
			warning: ['Warning', '警告'],
			failure: ['Failure', '失败'],
		},
		{ zh: '级别' },
	),
	sources: list('Sources', {
		zh: '来源',
		optional: true,
		placeholder: 'emby, sonarr',
		help: { en: 'Who told it: event.source', zh: '由谁发出：event.source' },
	}),
	libraries: list('Libraries', { zh: '媒体库', optional: true }),
	users: list('Users', { zh: '用户', optional: true, help: { en: 'By name or id', zh: '名称或 ID' } }),
	tasks: list('Tasks', {
		zh: '任务',
		optional: true,
		help: { en: 'Names of tasks and monitors', zh: '任务或监控项的名称' },
	}),
	events: list('Events', {
		zh: '原始事件',
		optional: true,
		placeholder: 'ItemAdded, Grab',
		help: { en: 'By the sender’s own names: event.rawType', zh: '发送方自己的事件名：event.rawType' },
	}),
	origin: choice(
		'Started',
		{ manual: ['By hand', '手动'], automatic: ['By itself', '自动'] },
		{ zh: '触发方式', optional: true },
	),
	audience: choice(
		'For',
		{ admin: ['Administrators', '管理员'], user: ['Users', '用户'] },
		{ zh: '受众', optional: true },
	),
	text: list('Text', {
		zh: '包含文字',
		optional: true,
		help: { en: 'One of these in title, body or fields', zh: '标题、正文或字段中包含其一' },
	}),
};

const fields = {
	preset: choice(
		'Rows',
		{
			own: ['My own', '自定义'],
			moviePilot: ['MoviePilot’s message types', 'MoviePilot 的消息类型'],
			qd: ['QD: by hand or by itself, done or failed', 'QD：手动/自动 × 成功/失败'],
			tautulli: ['Tautulli: recently added, playback, server', 'Tautulli：最近添加、播放、服务器'],
		},
		{
			zh: '规则来源',
			default: 'own',
			help: { en: 'Rows that are ready, or your own', zh: '使用现成的规则，或自行填写' },
		},
	),
	rows: rows('Own rows', cells, {
		zh: '规则',
		row: { en: 'Row', zh: '规则' },
		max: 16,
		placed: true,
		optional: true,
		show: { preset: ['own'] },
		help: {
			en: 'Each has an output. All cells that are filled in must hold; one without any takes everything',
			zh: '每条规则对应一个输出端。已填的条件须全部满足；一项都不填则匹配所有消息',
		},
	}),
	mode: choice(
		'Comes out of',
		{
			first: ['The first that matches', '第一个匹配的规则'],
			all: ['Each that matches', '所有匹配的规则'],
		},
		{ zh: '匹配方式', default: 'first' },
	),
};

/** Each message goes where its row says, as it came. */
export const route = definePassing({
	id: 'route',
	set: 'flow',
	name: 'Route',
	zh: '分流',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#readme',
	description: {
		en: 'Sends each message to the output whose row it matches: by type, level, source, library, user, task or text',
		zh: '按类型、级别、来源、媒体库、用户、任务或文字，把消息送往匹配的输出端',
	},
	aliases: ['Switch', 'Filter', 'Rules', '路由', '规则', '过滤'],
	teaches: {
		en: 'Each row has an output, and what no row takes comes out of the last one. What comes out is what came in. A message of which something is not known matches only rows that do not ask for it.',
		zh: '每条规则对应一个输出端，没有规则匹配的消息从最后一个输出端输出。消息原样输出。消息缺少某项信息时，只能匹配未填该条件的规则。',
	},
	outputs: [
		{
			en: 'Otherwise',
			zh: '其他',
			help: { en: 'What no row took', zh: '没有规则匹配的消息' },
		},
	],
	fields,
	branches: {
		rows: 'rows',
		told: ['types', 'levels', 'sources', 'libraries', 'users', 'tasks', 'events', 'text'],
		presets: { by: 'preset', rows: presets },
		output: {
			en: 'One for each row',
			zh: '每条规则一个',
			help: { en: 'What matches the row, as it came', zh: '匹配该规则的消息，原样输出' },
		},
	},

	pass(given, { preset, rows: ownRows, mode }) {
		const asked = preset === 'own' ? ownRows : presetRows[preset];
		const found = matching(asked, factsOf(given), mode === 'first');
		return { outputs: found.length > 0 ? found : [asked.length] };
	},
});

const presetRows = Object.fromEntries(
	Object.entries(presets).map(([name, ready]) => [name, ready.map((row) => read(cells, row.cells))]),
) as Record<keyof typeof presets, Values<typeof cells>[]>;
