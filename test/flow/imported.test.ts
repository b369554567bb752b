import { definitions } from '../../scripts/definitions';
import { planOf, type Plan } from '../../src/flow/imported/plan';
import { route } from '../../src/flow/route/route.flow';
import { valuesOf } from '../../src/core/define/passing';
import { workflowOf } from '../../src/hosts/n8n/flow/workflow';
import { flowOf } from '../../src/hosts/node-red/flow/imported';

const secret = 'S3cret-0123456789';
const moviePilot = [
	{
		...{ name: '家庭群', type: 'telegram', enabled: true, switchs: ['资源下载', '整理入库', '其它'] },
		config: { TELEGRAM_TOKEN: secret, TELEGRAM_CHAT_ID: '1' },
	},
	{
		...{ name: '微信', type: 'wechat', enabled: true, switchs: ['整理入库', '站点'] },
		config: { WECHAT_CORPID: 'ww1', WECHAT_APP_SECRET: secret },
	},
	{ name: 'Web', type: 'webpush', enabled: true, config: {}, switchs: ['订阅'] },
	{ name: 'Slack', type: 'slack', enabled: false, config: { SLACK_OAUTH_TOKEN: secret }, switchs: ['插件'] },
	{
		name: 'Bot',
		type: 'wechat',
		enabled: true,
		config: { WECHAT_MODE: 'bot', WECHAT_BOT_SECRET: secret },
		switchs: [],
	},
];
const everyone: Record<string, unknown> = {
	moviePilot,
	'moviePilot, as its API answers': { success: true, data: { value: moviePilot } },
	'moviePilot, as text': JSON.stringify({ Notifications: moviePilot }),
	qd: { noticeflg: 0x40 | 0x400 | 0x04 | 0x01 },
	'qd by its form': { tgpushersw: 'on', autopush_fail: 'on' },
	qinglong: { BARK_PUSH: secret, TG_BOT_TOKEN: secret, PUSH_KEY: '' },
	'qinglong, config.sh': `## 通知\nexport BARK_PUSH="${secret}"\nexport PUSH_KEY=""\nexport SMTP_EMAIL='a@example.com'\n`,
};
const known = new Set(definitions().map(({ id }) => id));
type Node = Record<string, unknown> & { id: string; type: string };

/** Types of the channels behind each output, as both hosts are wired. */
function wired(plan: Plan) {
	const workflow = workflowOf(plan) as unknown as {
		nodes: { name: string; type: string; parameters: { rows?: object } }[];
		connections: Record<string, { main: { node: string }[][] }>;
	};
	const n8nRoute = workflow.nodes.find(({ type }) => type.endsWith('.route'))!;
	const typeOf = new Map(workflow.nodes.map(({ name, type }) => [name, type.split('.').pop()!]));
	const flow = flowOf(plan) as Node[];
	const redRoute = flow.find(({ type }) => type === 'carillon-route')!;
	const byId = new Map(flow.map((node) => [node.id, node.type.replace('carillon-', '')]));
	return {
		n8n: workflow.connections[n8nRoute.name]!.main.map((places) => places.map(({ node }) => typeOf.get(node))),
		red: (redRoute.wires as string[][]).map((places) => places.map((id) => byId.get(id))),
		values: [valuesOf(route, n8nRoute.parameters), valuesOf(route, redRoute)],
		outputs: redRoute.outputs,
		workflow,
		flow,
	};
}

test.each(Object.keys(everyone))(
	'%s: the same flow for both hosts, without a secret, of nodes that there are',
	(name) => {
		const plan = planOf(everyone[name]);
		const { n8n, red, values, outputs, workflow, flow } = wired(plan);
		expect(n8n).toEqual(red);
		expect(red).toEqual(
			[...plan.rows.map(({ to }) => to), plan.otherwise].map((to) => to.map((at) => plan.channels[at]!.id)),
		);
		expect(outputs).toBe(red.length);
		expect((values[0] as unknown as { rows: object[] }).rows).toEqual(
			(values[1] as unknown as { rows: object[] }).rows,
		);
		expect(JSON.stringify([plan, workflow, flow])).not.toContain(secret);
		for (const { id } of plan.channels) expect(known).toContain(id);
		expect(new Set(workflow.nodes.map((node) => node.name)).size).toBe(workflow.nodes.length);
		expect(new Set(flow.map(({ id }) => id)).size).toBe(flow.length);
		for (const node of flow.filter(({ account }) => account !== undefined))
			expect(flow.find(({ id }) => id === node.account)?.type).toBe(`${node.type}-account`);
	},
);

test('MoviePilot’s switches send each type where they did, and the others nowhere else', () => {
	const plan = planOf(moviePilot);
	const [values] = wired(plan).values;
	const to = (rawType: string) => {
		const { outputs } = route.pass({ incoming: { body: 'b' }, event: { rawType } }, values!, () => undefined);
		return [...plan.rows.map((row) => row.to), plan.otherwise][outputs[0]!]!.map((at) => plan.channels[at]!.name);
	};
	expect(
		Object.fromEntries(['资源下载', '整理入库', '站点', '其它', '订阅', '插件'].map((type) => [type, to(type)])),
	).toEqual({
		...{ 资源下载: ['家庭群'], 整理入库: ['家庭群', '微信'], 站点: ['微信'], 其它: ['家庭群'], 订阅: [], 插件: [] },
	});
	expect(plan.left.map(({ en }) => en)).toEqual([
		expect.stringMatching(/Web.*webpush/),
		expect.stringMatching(/Slack.*switched off/),
		expect.stringMatching(/Bot.*wechat bot/),
	]);
});

test('QD’s bits, and the lines of qinglong', () => {
	const { rows, channels } = planOf(everyone.qd);
	expect(rows.map(({ name }) => name)).toEqual(['手动失败', '自动失败']);
	expect(channels.map(({ id }) => id)).toEqual(['bark', 'telegram']);
	expect(planOf(everyone['qinglong, config.sh']).channels.map(({ id }) => id)).toEqual(['bark', 'email']);
});

test.each([
	[undefined],
	[''],
	['{'],
	[[]],
	[{}],
	[3],
	[{ data: {} }],
	[{ noticeflg: 'x' }],
	[{ noticeflg: 0 }],
	[[{ switchs: 1 }]],
])('%j is refused with a sentence', (given) => {
	expect(() => planOf(given)).toThrow(expect.objectContaining({ class: 'Invalid', field: 'settings' }));
});
