import { action, baseUrl, defineChannel, secret, secrets, text } from '../../core/define/channel';
import { isChannelError } from '../../core/base/errors';
import type { VendorJson } from '../../core/http/http';
import { aboutDevice, authOf, devicesOf, pushAll, serversOf, standard } from './devices';
import { barkOptions, idOf, paramsOf, room, titleRoom } from './params';
import { encryptionFields, fitted, roomFor, sealed } from './payload';
import { barkReplies } from './replies';

const account = {
	baseUrl: baseUrl(standard, {
		label: 'Server URL',
		zh: '服务器地址',
		help: {
			en: 'Your own bark-server, with its URL prefix if it has one',
			zh: '自建 bark-server 的地址，有 URL 前缀时一并填写',
		},
	}),
	deviceKeys: secrets('Device keys', {
		zh: '设备密钥',
		placeholder: 'https://api.day.app/yourkey',
		help: {
			en: 'The keys, or the whole URLs that the app shows; several by comma or line',
			zh: '密钥，或 App 中显示的完整链接；多个用逗号或换行分隔',
		},
	}),
	user: text('User name', {
		zh: '用户名',
		optional: true,
		help: { en: 'Of a server of your own behind Basic auth', zh: '自建服务器开启 Basic 认证时填写' },
	}),
	password: secret('Password', { zh: '密码', optional: true }),
	...encryptionFields,
};

/** Of what people read of it. */
const lengthOf = (params: object) => Object.values(params).join('').length;

export const bark = defineChannel({
	id: 'bark',
	set: 'push',
	name: 'Bark',
	zh: 'Bark',
	docs: 'https://bark.day.app',
	aliases: ['推送', 'iOS', 'iPhone'],
	where: [
		{
			en: 'Install Bark from the App Store and open it: it registers the phone and shows a test address such as `https://api.day.app/KEY/…`.',
			zh: '从 App Store 安装并打开 Bark，它会注册手机，并显示形如 `https://api.day.app/KEY/…` 的测试地址。',
		},
		{
			en: 'Copy that address into *Device keys*; the part behind the host is the key, and the whole address is taken too.',
			zh: '把该地址复制到“设备密钥”：主机名之后的一段就是密钥，整个地址也能识别。',
		},
		{
			en: 'For several phones enter a key a line. For a server of your own, change *Server URL*.',
			zh: '多台手机每行一个密钥；自建服务端请修改“服务器地址”。',
		},
	],
	silent: true,
	edit: 'byKey',
	renders: ({ options, account, message }) => ({
		markup: options.format === 'markdown' ? 'markdown' : 'plain',
		limit: room(options, account.encryption !== 'none', message),
		title: roomFor(titleRoom, account.encryption !== 'none'),
		image: 'url',
		level: true,
		url: true,
	}),
	account,
	options: barkOptions,
	replies: barkReplies,

	async send(input) {
		const wanted = paramsOf(input.message, input.options);
		const params = fitted(wanted, input.account);
		const results = await pushAll(input, sealed(params, input.account));
		const first = results.find(({ error }) => error === undefined);
		const failed = results.filter(({ error }) => error !== undefined);
		const again = failed.find(({ error }) => error?.transient || error?.unknown);
		if (again?.error) throw again.error;
		if (!first) throw failed[0]!.error!;
		return {
			id: params.id,
			handle: params.id === undefined ? undefined : { id: params.id },
			raw: first.raw,
			degraded: params === wanted ? [] : [{ kind: 'cut', count: lengthOf(wanted) - lengthOf(params) }],
			warnings: failed.map(({ error, index }) => aboutDevice(index, error!)),
		};
	},

	async verify({ account, http }) {
		const headers = authOf(account);
		for (const base of serversOf(account).keys()) {
			await http.get(`${base}/ping`);
			// Ping answers without the password, this does not.
			if (headers.authorization) await http.get(`${base}/info`, { headers });
		}
		for (const { key, base } of devicesOf(account)) {
			await http.get(`${base}/register/${encodeURIComponent(key)}`, { headers }).catch(passOldServer);
		}
	},

	actions: {
		deleteNotification: action<typeof account>()({
			name: 'Delete Notification',
			zh: '删除通知',
			description: {
				en: 'Takes a notification back from every device of the account',
				zh: '从账号的所有设备上撤回一条通知',
			},
			fields: { id: text('Notification id', { zh: '通知 ID' }) },
			run: async ({ account, http, input }) => {
				const answers: VendorJson[] = [];
				for (const device of devicesOf(account)) {
					const json = { device_key: device.key, id: idOf(input.id), delete: '1' };
					answers.push(
						await http.post(`${device.base}/push`, { json, headers: authOf(account), idempotent: true }),
					);
				}
				return answers;
			},
		}),
	},
});

/** Before 2.1 the server took `/register/KEY` for a push to the device “register”, and others may lack the path: then nothing is known of the key. */
function passOldServer(error: unknown) {
	if (isChannelError(error) && (error.status === 404 || error.status === 405 || error.message.includes('[register]')))
		return;
	throw error;
}
