import { readFileSync } from 'node:fs';

export interface RedisSettings {
	host: string;
	port: number;
	username?: string;
	password?: string;
	/** The number of the database. */
	db?: number;
	tls?: boolean;
	/** Of a cluster; host and port are then not used. */
	nodes?: readonly { host: string; port: number }[];
	/** Of all keys. */
	prefix?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Redis that n8n itself uses in queue mode, by its `QUEUE_BULL_REDIS_*`, each also as `…_FILE` with the path of a
 * file that holds it; undefined where n8n does not run in queue mode.
 * @throws the error of the file system where such a file cannot be read
 */
export function redisOfN8n(
	environment: Environment,
	readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): RedisSettings | undefined {
	const value = (name: string) => {
		const direct = environment[name];
		const path = environment[`${name}_FILE`];
		return direct || (path ? readFile(path).trim() : '') || undefined;
	};
	if (value('EXECUTIONS_MODE') !== 'queue') return undefined;
	const of = (name: string) => value(`QUEUE_BULL_REDIS_${name}`);
	const nodes = nodesOf(of('CLUSTER_NODES') ?? '');
	return {
		host: of('HOST') ?? 'localhost',
		port: Number(of('PORT')) || 6379,
		username: of('USERNAME'),
		password: of('PASSWORD'),
		db: Number(of('DB')) || 0,
		tls: /^(true|1)$/i.test(of('TLS') ?? ''),
		...(nodes.length > 0 && { nodes }),
	};
}

/** `host:port` in a list, as n8n has them. */
const nodesOf = (list: string) =>
	list
		.split(',')
		.map((each) => each.trim())
		.filter(Boolean)
		.map((each) => {
			const [, host = each, port] = /^\[?(.+?)\]?:(\d+)$/.exec(each) ?? [];
			return { host, port: Number(port) || 6379 };
		});

/** As users know it; without the account. */
export const placeOf = ({ host, port, nodes }: RedisSettings) => {
	const first = nodes?.[0];
	return first ? `${first.host}:${first.port}` : `${host}:${port}`;
};
