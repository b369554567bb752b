import { connect, isIP, isIPv4, type Socket } from 'node:net';

/** Why a SOCKS proxy did not let us through. */
export class SocksError extends Error {
	readonly code = 'EPROXY';
}

const replies: Readonly<Record<number, string>> = {
	1: 'general failure',
	2: 'not allowed by its rules',
	3: 'network unreachable',
	4: 'host unreachable',
	5: 'connection refused',
	6: 'time to live expired',
	7: 'command not supported',
	8: 'address type not supported',
};

/**
 * A connection to a host through a SOCKS5 proxy (RFC 1928, 1929); the proxy resolves the name.
 * @param proxy `socks5://user:password@host:port`
 * @param patience ms
 */
export function connectBySocks(proxy: URL, host: string, port: number, patience: number): Promise<Socket> {
	const [user, password] = [decodeURIComponent(proxy.username), decodeURIComponent(proxy.password)];
	const socket = connect({ host: proxy.hostname.replace(/^\[|\]$/g, ''), port: Number(proxy.port || 1080) });
	const run = async () => {
		const read = reader(socket);
		socket.write(user ? Buffer.from([5, 2, 0, 2]) : Buffer.from([5, 1, 0]));
		const [version, method] = await read(2);
		if (version !== 5) throw new SocksError('The proxy does not speak SOCKS5.');
		if (method === 2) {
			socket.write(Buffer.concat([Buffer.from([1]), counted(user), counted(password)]));
			if ((await read(2))[1] !== 0) throw new SocksError('The proxy refused its user name or password.');
		} else if (method !== 0) throw new SocksError('The proxy wants a user name and password.');
		socket.write(Buffer.concat([Buffer.from([5, 1, 0]), address(host), Buffer.from([port >> 8, port & 0xff])]));
		const [, reply = 1, , type] = await read(4);
		if (reply !== 0) throw new SocksError(`The proxy could not connect: ${replies[reply] ?? reply}.`);
		// The address that it is bound to, which nobody needs.
		await read((type === 1 ? 4 : type === 4 ? 16 : (await read(1))[0]!) + 2);
	};
	const timer = setTimeout(() => socket.destroy(new SocksError('The proxy did not answer in time.')), patience);
	return run()
		.then(() => {
			socket.removeAllListeners();
			return socket;
		})
		.catch((error: unknown) => {
			socket.destroy();
			throw error;
		})
		.finally(() => clearTimeout(timer));
}

const counted = (text: string) => {
	const bytes = Buffer.from(text).subarray(0, 255);
	return Buffer.concat([Buffer.from([bytes.length]), bytes]);
};

function address(host: string): Buffer {
	const bare = host.replace(/^\[|\]$/g, '');
	if (isIPv4(bare)) return Buffer.from([1, ...bare.split('.').map(Number)]);
	if (isIP(bare) === 0) return Buffer.concat([Buffer.from([3]), counted(bare)]);
	const { hostname } = new URL(`http://[${bare}]`);
	const [front = '', back] = hostname.slice(1, -1).split('::');
	const words = (part: string) => (part ? part.split(':') : []);
	const missing = back === undefined ? 0 : 8 - words(front).length - words(back).length;
	const all = [...words(front), ...Array<string>(missing).fill('0'), ...words(back ?? '')];
	return Buffer.from([4, ...all.flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 0xff])]);
}

/** Reads exactly so many bytes, leaving the rest for whoever comes next. */
function reader(socket: Socket): (size: number) => Promise<Buffer> {
	let failure: Error | undefined;
	let wake: (() => void) | undefined;
	const stir = () => wake?.();
	socket.on('error', (error) => {
		failure = error;
		stir();
	});
	socket.on('close', () => {
		failure ??= new SocksError('The proxy closed the connection.');
		stir();
	});
	socket.on('readable', stir);
	return async (size) => {
		for (;;) {
			const bytes = socket.read(size) as Buffer | null;
			if (bytes?.length === size) return bytes;
			if (failure) throw failure;
			await new Promise<void>((resolve) => (wake = resolve));
		}
	};
}
