import {
	action,
	type Asked,
	baseUrl,
	choice,
	choices,
	defineChannel,
	json,
	list,
	multiline,
	number,
	pick,
	rows,
	secret,
	secrets,
	text,
	toggle,
	url,
} from '../../../src/core/define/channel';
import { bytes } from '../../../src/core/base/limit';
import { Refusal, defineTrigger } from '../../../src/core/define/trigger';

const account = {
	baseUrl: baseUrl('https://bell.invalid', { zh: '服务器地址' }),
	token: secret('Token', { zh: '令牌' }),
	hook: url('Hook', { zh: '回调地址', optional: true, secret: true }),
	spares: secrets('Spare tokens', { zh: '备用令牌', optional: true }),
	headers: json('Headers', { zh: '请求头', optional: true, secret: true }),
	port: number('Port', { zh: '端口', default: 443, min: 1, max: 65_535, integer: true }),
	plan: choice('Plan', { free: ['Free', '免费'], paid: ['Paid', '付费'] }, { zh: '套餐', default: 'free' }),
	seat: text('Seat', { zh: '席位', show: { plan: ['paid'] } }),
};

/** A channel with every kind of field, for a service that is made up. */
export const bell = defineChannel({
	id: 'bell',
	name: 'Bell',
	zh: '铃铛',
	docs: 'https://bell.invalid/docs?a=1&b=2',
	renders: { markup: 'plain', limit: bytes(4_000), title: bytes(200), image: 'bytes', attachments: 'bytes' },
	account,
	target: { label: 'Rooms', zh: '房间', help: { en: 'Where it rings', zh: '在哪里响' }, optional: true },
	options: {
		tone: choice(
			'Tone',
			{ 'ding.dong': ['Ding dong', '叮咚'], gong: ['Gong', '锣'] },
			{ zh: '音色', optional: true, help: { en: 'A "tone" <of> bell', zh: '铃声' } },
		),
		volume: number('Volume', { zh: '音量', default: 5, min: 0, max: 10, show: { tone: ['gong'] } }),
		type: text('Kind', { zh: '类别', optional: true, placeholder: 'loud, "very"' }),
		loud: toggle('Loud', { zh: '响亮' }),
		days: choices('Days', { mon: ['Monday', '周一'], tue: ['Tuesday', '周二'] }, { zh: '日期' }),
		names: list('Names', { zh: '名字', optional: true }),
		link: url('Link', { zh: '链接', optional: true }),
		extra: json('Extra', { zh: '附加', optional: true }),
		note: multiline('Note', { zh: '备注', optional: true }),
	},
	async send({ account, http, message, to, options }) {
		const { body, title, image, attachments } = message;
		if (body === 'throw') throw new TypeError('the bell fell off');
		const pictures = [...(image ? [image] : []), ...attachments].map(({ name, data }) => ({
			name,
			size: data?.length,
		}));
		const answer = await http.post('/ring', { json: { title, body, to, options, pictures, token: account.token } });
		return { id: answer.id, raw: answer };
	},
	replies: {
		ok: (json) => json.ok === true,
		code: (json) => json.code,
		says: (json) => json.why,
		errors: [
			{
				code: 'bad-token',
				is: 'Unauthorized',
				do: { en: 'Get a new token from the bell maker.', zh: '请向铸铃人索取新令牌。' },
			},
		],
	},
	actions: {
		silence: action<typeof account>()({
			name: 'Silence Bell',
			zh: '静音',
			fields: { minutes: number('Minutes', { zh: '分钟', min: 1 }) },
			run: ({ http, input }) => http.post('/silence', { json: input }),
		}),
	},
});

/** A channel whose service lists its towers and ringers, and says whether an account works. */
export const belfry = defineChannel({
	id: 'belfry',
	name: 'Belfry',
	zh: '钟楼',
	docs: 'https://belfry.invalid',
	renders: { markup: 'plain', limit: bytes(4_000) },
	account: {
		baseUrl: baseUrl('https://belfry.invalid', { zh: '服务器地址' }),
		token: secret('Token', { zh: '令牌' }),
	},
	target: {
		label: 'Ringers',
		zh: '敲钟人',
		list: async ({ http, search, cursor }) => {
			const answer = await http.post('/ringers', { json: { search, cursor } });
			return { items: answer.items, next: answer.next };
		},
	},
	options: {
		tower: pick('Tower', {
			zh: '塔',
			optional: true,
			list: () => Promise.resolve({ items: [{ value: 'n', name: 'North' }] }),
		}),
		changes: rows(
			'Changes',
			{
				bell: text('Bell', { zh: '钟' }),
				times: number('Times', { zh: '次数', default: 1, min: 1 }),
				muffled: toggle('Muffled', { zh: '弱音' }),
				ringer: pick('Ringer', {
					zh: '敲钟人',
					optional: true,
					list: ({ search }: Asked) =>
						Promise.resolve({ items: [{ value: 'r1', name: `Ringer ${search ?? ''}` }] }),
				}),
			},
			{ zh: '钟序', row: { en: 'Change', zh: '一次' }, optional: true },
		),
	},
	replies: {
		ok: (json) => json.ok === true,
		errors: [{ code: 'bad-token', is: 'Unauthorized', do: { en: 'Get a new token.', zh: '请换新令牌。' } }],
		code: (json) => json.code,
	},
	verify: ({ http, account }) => http.post('/me', { json: { token: account.token } }),
	async send({ http, to, options }) {
		const answer = await http.post('/ring', { json: { to, tower: options.tower, changes: options.changes } });
		return { id: answer.id, raw: answer };
	},
});

/** A trigger that takes JSON and keeps what came. */
export const doorTrigger = defineTrigger({
	id: 'doorTrigger',
	name: 'Door Trigger',
	zh: '门铃触发器',
	docs: 'https://bell.invalid/door',
	description: { en: 'Somebody is at the door', zh: '有人按门铃' },
	account: { key: secret('Key', { zh: '密钥', optional: true }) },
	options: {
		who: choices('Who', { friend: ['Friends', '朋友'], post: ['Post', '邮差'] }, { zh: '谁' }),
		maxSize: number('Largest body', { zh: '正文上限', default: 1_000, min: 1 }),
	},
	paths: ['/api/v1/door', '/api/v1/door/open'],
	maxBytes: ({ maxSize }) => maxSize,
	authorize({ request, account: { key } }) {
		if (key !== undefined && request.query.key !== key)
			throw new Refusal(401, { en: 'Wrong key.', zh: '密钥错误。' });
	},
	receive({ request }) {
		const raw = JSON.parse(Buffer.from(request.body).toString()) as {
			who?: string;
			key?: string;
			settle?: number;
			crash?: boolean;
		};
		if (raw.crash) throw new TypeError('the hinge broke');
		if (!raw.who) throw new Refusal(400, { en: 'Nobody is there.', zh: '没有人。' });
		return {
			events: [
				{
					event: { who: raw.who, path: request.path, poster: new Uint8Array([1, 2, 3]) },
					message: {
						body: `**${raw.who}** is at the door`,
						title: 'Door',
						image: { data: new Uint8Array([1, 2, 3]) },
					},
					raw,
					key: raw.key,
					settle: raw.settle,
				},
			],
		};
	},
});
