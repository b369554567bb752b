import {
	baseUrl,
	choice,
	invalid,
	matching,
	secret,
	type Asked,
	type Call,
	type Listed,
	type Values,
} from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { baseOf, pastedKey } from '../../core/define/fields/pastedUrl';

export const account = {
	baseUrl: baseUrl(undefined, {
		placeholder: 'https://nas.example.com:5001',
		optional: true,
		help: {
			en: 'Of DSM; not needed where the whole webhook URL is filled in',
			zh: 'DSM 的地址；填写完整 Webhook 地址时可留空',
		},
	}),
	token: secret('Token or webhook URL', {
		zh: '令牌或 Webhook 地址',
		help: {
			en: 'Of a bot or an incoming webhook, as Synology Chat shows it',
			zh: '机器人或传入 Webhook 的令牌或地址，按 Synology Chat 显示的填写',
		},
	}),
	kind: choice(
		'It belongs to',
		{
			incoming: ['An incoming webhook (one channel)', '传入 Webhook（固定频道）'],
			chatbot: ['A bot (direct messages)', '机器人（私聊）'],
		},
		{
			zh: '类型',
			default: 'incoming',
			help: { en: 'A whole URL tells by itself', zh: '填写完整地址时自动识别' },
		},
	),
	outgoingToken: secret('Outgoing token', {
		zh: '传出令牌',
		optional: true,
		help: {
			en: 'Only for receiving: the token that Synology Chat sends along. Several (webhook, slash command) by comma',
			zh: '仅用于接收：Synology Chat 随请求发来的令牌；多个（传出 Webhook、斜杠命令）用逗号分隔',
		},
	}),
};

type Account = Values<typeof account>;
type Calling = Pick<Call<typeof account>, 'account' | 'http'>;

const place = '/webapi/entry.cgi';

/** `https://nas:5001/webapi/entry.cgi?api=SYNO.Chat.External&method=chatbot&version=2&token=%22…%22` */
export function endpointOf({ token, kind, baseUrl }: Account) {
	let method: string = kind;
	const pasted = pastedKey(token, ({ origin, pathname, searchParams }) => {
		const key = searchParams.get('token');
		if (key === null) return undefined;
		if (searchParams.get('method') !== null)
			method = searchParams.get('method') === 'chatbot' ? 'chatbot' : 'incoming';
		return { key, base: origin + pathname.replace(/\/webapi\/entry\.cgi$/, '') };
	});
	// The service hands the token out in quotes, and some versions want them; within a URL it stays as it was pasted.
	const key = pasted.base === undefined ? `"${token.replace(/^(?:%22|")+|(?<!%22|")(?:%22|")+$/g, '')}"` : pasted.key;
	return { method, key, base: baseOf(baseUrl, '', pasted) };
}

function at(account: Account): { url: string; key: string; method: string } {
	const { base, key, method } = endpointOf(account);
	if (base === '')
		throw invalid('baseUrl', {
			en: 'Fill in the address of the NAS, or the whole webhook URL as token.',
			zh: '请填写 NAS 地址，或在令牌处填写完整的 Webhook 地址。',
		});
	return { url: base + place, key, method };
}

const queryFor = (method: string, token: string) => ({ api: 'SYNO.Chat.External', method, version: 2, token });

export function post({ account, http }: Calling, payload: object): Promise<VendorJson> {
	const { url, key, method } = at(account);
	return http.post(url, { query: queryFor(method, key), form: { payload: JSON.stringify(payload) } });
}

export function ask(
	{ account, http }: Calling,
	method: string,
	more: Record<string, number | undefined> = {},
): Promise<VendorJson> {
	const { url, key } = at(account);
	return http.get(url, { query: { ...queryFor(method, key), ...more } });
}

interface User {
	user_id: number;
	username?: string;
	nickname?: string;
	deleted?: boolean;
}

export const users = async (call: Calling): Promise<User[]> => (await ask(call, 'user_list')).data?.users ?? [];

/** Those whom a bot may write to. */
export async function people(call: Calling & Asked): Promise<Listed> {
	const items = (await users(call))
		.filter(({ deleted }) => !deleted)
		.map(({ user_id, username, nickname }) => ({
			value: String(user_id),
			name: nickname || username || String(user_id),
			...(username && nickname && { description: username }),
		}));
	return { items: matching(items, call.search) };
}

/** As texts mention them: by the name behind the @. */
export async function names(call: Calling & Asked): Promise<Listed> {
	const items = (await users(call)).flatMap(({ deleted, username, nickname }) =>
		deleted || !username ? [] : [{ value: username, name: nickname || username }],
	);
	return { items: matching(items, call.search) };
}

export async function channels(call: Calling & Asked): Promise<Listed> {
	const found: VendorJson[] = (await ask(call, 'channel_list')).data?.channels ?? [];
	const items = found.map(({ channel_id, name }) => ({
		value: String(channel_id),
		name: String(name || channel_id),
	}));
	return { items: matching(items, call.search) };
}
