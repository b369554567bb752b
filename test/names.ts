import dns from 'node:dns';
import { isIP } from 'node:net';

/** Names that lead where a test says, all others nowhere; for the tests of a file. */
export function names(addresses: Readonly<Record<string, string>>): void {
	const lookup = (name: string, options: { all?: boolean }, done: (...found: unknown[]) => void) => {
		const address = isIP(name) ? name : { localhost: '127.0.0.1', ...addresses }[name];
		if (address === undefined)
			done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }));
		else if (options.all) done(null, [{ address, family: isIP(address) }]);
		else done(null, address, isIP(address));
	};
	beforeEach(() => void jest.spyOn(dns, 'lookup').mockImplementation(lookup as never));
	afterEach(() => jest.restoreAllMocks());
}
