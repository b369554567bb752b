import { number, secret, text, toggle, type Values } from '../../base/field';
import { placeOf, type RedisSettings } from './settings';

/** Of a Redis that several processes, or several hosts, share. */
export const redisAccount = {
	host: text('Host', { zh: '主机', default: 'localhost', placeholder: 'redis' }),
	port: number('Port', { zh: '端口', default: 6379, min: 1, max: 65_535, integer: true }),
	username: text('User name', { zh: '用户名', optional: true }),
	password: secret('Password', { zh: '密码', optional: true }),
	db: number('Database', {
		zh: '数据库',
		default: 0,
		min: 0,
		max: 65_535,
		integer: true,
		help: { en: 'Its number', zh: '数据库编号' },
	}),
	tls: toggle('TLS', { zh: '使用 TLS', help: { en: 'An encrypted connection', zh: '加密连接' } }),
	prefix: text('Prefix', {
		zh: '键前缀',
		default: 'carillon',
		help: {
			en: 'Of all keys; hosts that have the same one share what is remembered',
			zh: '所有键的前缀；前缀相同的主机共享数据',
		},
	}),
} as const;

export const settingsOf = (account: Values<typeof redisAccount>): RedisSettings => ({ ...account });

/** Names what two stores have in common that are one. */
export const keyOf = (settings: RedisSettings): string =>
	`redis ${placeOf(settings)} ${JSON.stringify([
		settings.nodes,
		settings.db ?? 0,
		settings.username,
		settings.password,
		settings.tls ?? false,
		settings.prefix ?? 'carillon',
	])}`;
