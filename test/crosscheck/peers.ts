import { createRequire } from 'node:module';
import { join } from 'node:path';
import { peersFolder, versions } from '../../bench/peersFolder';

interface AxiosConfig {
	url?: string;
	baseURL?: string;
}
interface Axios {
	interceptors: { request: { use(change: (config: AxiosConfig) => object): void } };
}
type PushAllInOne = Record<
	string,
	new (config: object) => { send(title: string, body: string, option?: object): Promise<unknown> }
>;

export interface Peers {
	pushoo(name: string, token: string, options?: object): Promise<unknown>;
	pushAllInOne(name: string, config: object, option?: object): Promise<unknown>;
}

/** Where a request for `https://example.com/a` is taken instead, so that a server on loopback sees the host too. */
export const turned = (url: string, server: string) => `${server}/${new URL(url).origin.replace('://', ':')}`;

/** Both packages, with every request of theirs turned to `server`, past any proxy. */
export function loadPeers(server: string, title: string, body: string): Peers {
	const ofPeers = createRequire(join(peersFolder(), 'package.json'));
	for (const name of Object.keys(versions)) {
		const axios = createRequire(ofPeers.resolve(name))('axios') as Axios & { default?: Axios };
		(axios.default ?? axios).interceptors.request.use((config) => {
			const asked = new URL(`${config.baseURL ?? ''}${config.url}`);
			const url =
				asked.origin === server ? asked.href : turned(asked.href, server) + asked.pathname + asked.search;
			return {
				...config,
				url,
				baseURL: '',
				proxy: false,
				httpAgent: undefined,
				httpsAgent: undefined,
				maxRedirects: 0,
			};
		});
	}
	const pushoo = ofPeers('pushoo') as {
		default(name: string, message: object): Promise<{ error?: unknown } | undefined>;
	};
	const pushAllInOne = ofPeers('push-all-in-one') as PushAllInOne;
	return {
		async pushoo(name, token, options) {
			const answer = await pushoo.default(name, { token, title, content: body, options });
			if (answer?.error) throw new Error(`pushoo: ${String(answer.error)}`);
			return answer;
		},
		pushAllInOne: (name, config, option) => new pushAllInOne[name]!(config).send(title, body, option),
	};
}
