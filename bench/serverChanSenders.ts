/** The same ServerChan message through Carillon and through the packages that people use today. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { deliver, serverChan } from './carillon';
import { peersFolder } from './peersFolder';

interface Axios {
	interceptors: { request: { use(change: (config: { url?: string }) => object): void } };
}
interface Pushoo {
	default(
		name: string,
		message: { token: string; title: string; content: string },
	): Promise<{ errno?: number; error?: unknown }>;
}
interface PushAllInOne {
	ServerChanTurbo: new (config: { SERVER_CHAN_TURBO_SENDKEY: string }) => {
		send(title: string, body: string): Promise<{ data: { code: number } }>;
	};
}

type Send = (index: number) => Promise<unknown>;

const key = 'SCT123456Tabcdefghijklmnop';
const text = (index: number) => `Episode ${index} was added`;

/** Both peers send to ServerChan's own host through axios; only the address is turned to the server of the bench. */
function peer<T>(name: string, url: string): T {
	const ofPeers = createRequire(join(peersFolder(), 'package.json'));
	const axios = createRequire(ofPeers.resolve(name))('axios') as Axios & { default?: Axios };
	(axios.default ?? axios).interceptors.request.use((config) => ({
		...config,
		url: config.url?.replace('https://sctapi.ftqq.com', url),
	}));
	return ofPeers(name) as T;
}

/** What loads a package and answers its sender; a process that measures one loads no other. */
export const senders: Readonly<Record<string, (url: string) => Send>> = {
	Carillon: (url) => {
		const account = { baseUrl: url, sendKey: key };
		return (index) => deliver(serverChan, account, {}, { title: 'Library', body: text(index) });
	},
	pushoo: (url) => {
		const pushoo = peer<Pushoo>('pushoo', url);
		return async (index) => {
			const { error } = await pushoo.default('serverchan', {
				token: key,
				title: 'Library',
				content: text(index),
			});
			if (error) throw new Error(String(error));
		};
	},
	'push-all-in-one': (url) => {
		const { ServerChanTurbo } = peer<PushAllInOne>('push-all-in-one', url);
		const turbo = new ServerChanTurbo({ SERVER_CHAN_TURBO_SENDKEY: key });
		return (index) => turbo.send('Library', text(index));
	},
};

/** The peers log every reply: that would measure the terminal. */
export async function quietly<T>(run: () => Promise<T>): Promise<T> {
	const { debug, log, info } = console;
	console.debug = console.log = console.info = () => undefined;
	try {
		return await run();
	} finally {
		Object.assign(console, { debug, log, info });
	}
}
