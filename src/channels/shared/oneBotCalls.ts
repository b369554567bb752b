import { randomUUID } from 'node:crypto';
import type { Http, VendorJson } from '../../core/http';
import { judge } from '../../core/http';
import { openSocket, type SocketOwner } from './clientSocket';

/** @throws ChannelError unless OneBot says yes */
export type Api = (action: string, params: object, idempotent?: true) => Promise<VendorJson>;

type Owner = SocketOwner & { account: { baseUrl: string; accessToken?: string }; http: Http };

/** ms: QQ itself may need long for a picture. */
const patience = 30_000;

/** Calls over HTTP, or over a WebSocket that lives as long as `run`. */
export async function withCalls<T>(owner: Owner, run: (api: Api) => Promise<T>): Promise<T> {
	const { account, http } = owner;
	// Users paste what other programs want: the address with an action behind it.
	const base = account.baseUrl.replace(/\/+$/, '').replace(/\/(send_(private_|group_)?msg|get_\w+)$/, '');
	const headers: Record<string, string> =
		account.accessToken === undefined ? {} : { authorization: `Bearer ${account.accessToken}` };
	if (!/^ws/i.test(base)) {
		return await run((action, params, idempotent) =>
			http.post(`${base}/${action}`, { json: params, headers, idempotent }),
		);
	}
	const socket = await openSocket(owner, base, headers);
	try {
		return await run(async (action, params) => {
			owner.signal.throwIfAborted();
			const echo = randomUUID();
			const answer = socket.next((text) => answerIn(text, echo), patience);
			socket.send(JSON.stringify({ action, params, echo }));
			const json = await answer;
			judge(owner, { status: 200, headers: {}, text: '', json });
			return json;
		});
	} finally {
		socket.close();
	}
}

/** Events pass by on the same connection; a refused token is told without an echo. */
function answerIn(text: string, echo: string): VendorJson | undefined {
	const json = parse(text);
	if (json?.echo === echo) return json;
	return !json?.echo && [1401, 1403].includes(json?.retcode) ? json : undefined;
}

function parse(text: string): VendorJson {
	try {
		return JSON.parse(text);
	} catch {
		// What is not JSON is no answer of ours.
		return undefined;
	}
}
