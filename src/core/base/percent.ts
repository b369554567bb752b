/** People put passwords and texts with a bare percent sign into addresses: such ones stand for themselves. */
export function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** An address whose user name and password can be decoded. */
export function withSoundLogin(address: string): string {
	const url = new URL(address);
	url.username = encodeURIComponent(decoded(url.username));
	url.password = encodeURIComponent(decoded(url.password));
	return url.href;
}
