import { isPrivateHost } from './addresses';
import { namesSecret } from './secretNames';
import { webAddress } from './webAddress';

/** Characters: a link that is longer is a document. */
const longest = 2_000;

/**
 * The first of these that may stand in a message as a link: a web address that means something outside the sender's
 * network, and with which nobody can do what only its owner may (no user name, no password, no key).
 */
export function shownLink(...values: readonly unknown[]): string | undefined {
	for (const value of values) {
		const given = typeof value === 'string' ? webAddress(value.trim()) : '';
		if (given.length > longest || !/^https?:\/\//i.test(given) || !URL.canParse(given)) continue;
		if (!mustStayHere(given)) return given;
	}
	return undefined;
}

const keyNames =
	/^(x-plex-token|x-emby-token|x-mediabrowser-token|api_?key|apikey|access_?token|auth|authorization|token|key|secret|password|passwd|pwd|sig|signature)$/i;

/** A URL that must not leave: it means nothing outside, or whoever reads it could use its key. */
export function mustStayHere(url: string): boolean {
	const { hostname, pathname, username, password, searchParams, hash } = new URL(url);
	const names = [...searchParams.keys(), ...new URLSearchParams(hash.slice(1)).keys()];
	return (
		isPrivateHost(hostname) ||
		username !== '' ||
		password !== '' ||
		names.some((name) => keyNames.test(name) || namesSecret(name)) ||
		keyPaths.some((pattern) => pattern.test(`${hostname}${pathname}`))
	);
}

/** Addresses that are a key themselves: whoever has them may write there, or speak as the bot. */
const keyPaths: readonly RegExp[] = [
	/\/bot\d+:[\w-]{20,}/,
	/^hooks\.slack\.com\/(?:services|workflows|triggers)\//i,
	/^(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\//i,
	/^open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v\d+\/hook\//i,
	/^sctapi\.ftqq\.com\/\w+\.send/i,
	/^(?:outlook\.office(?:365)?|(?:[\w-]+\.)?webhook\.office)\.com\/webhook/i,
	/^maker\.ifttt\.com\/trigger\/.*\/key\//i,
	/^(?:hooks\.zapier\.com\/hooks|hook\.[\w.-]*make\.com|hc-ping\.com)\/./i,
	/^api\.day\.app\/\w{20}/i,
	// Mattermost, Home Assistant, Rocket.Chat and whoever else has addresses of that kind.
	/\/(?:web)?hooks?\/[\w-]{20,}(?:\/|$)/i,
	/\/(?:api\/push|ping)\/[\w-]{20,}(?:\/|$)/i,
];
