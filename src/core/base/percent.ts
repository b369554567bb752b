/** People put passwords and texts with a bare percent sign into addresses: such ones stand for themselves. */
export function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** A proxy as people write it: `127.0.0.1:7890` speaks HTTP, `socks://` is SOCKS5. */
export function proxyAddress(given: string): string {
	const whole = given.trim();
	return withSoundLogin(
		/^[a-z][a-z0-9+.-]*:\/\//i.test(whole) ? whole.replace(/^socks:/i, 'socks5:') : `http://${whole}`,
	);
}

/**
 * An address whose user name and password can be read: whatever stands before the last `@` is login, so that people need
 * not encode a `#`, `/`, `?` or `@` in their password.
 */
export function withSoundLogin(address: string): string {
	const [, scheme = '', user = '', password, rest = ''] =
		/^([a-z][a-z0-9+.-]*:\/\/)([^:]*?)(?::(.*))?@([^@]*)$/is.exec(address.trim()) ?? [];
	if (scheme === '') return address.trim();
	const login = [user, ...(password === undefined ? [] : [password])];
	return `${scheme}${login.map((part) => encodeURIComponent(decoded(part))).join(':')}@${rest}`;
}
