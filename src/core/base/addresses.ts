import { BlockList, isIP } from 'node:net';

/** IANA's registries of special-purpose addresses, less what is reachable from everywhere, and what stands in documentation. */
const privateRanges = {
	ipv4: [
		['0.0.0.0', 8],
		['10.0.0.0', 8],
		['100.64.0.0', 10],
		['127.0.0.0', 8],
		['169.254.0.0', 16],
		['172.16.0.0', 12],
		['192.0.0.0', 24],
		['192.168.0.0', 16],
		['198.18.0.0', 15],
		['224.0.0.0', 4],
		['240.0.0.0', 4],
	],
	ipv6: [
		// Unspecified, loopback, and the old way to write an IPv4 address.
		['::', 96],
		// IPv4 behind a translator: the well-known prefix, and those of one's own (RFC 8215).
		['64:ff9b::', 96],
		['64:ff9b:1::', 48],
		['100::', 64],
		['100:0:0:1::', 64],
		// Teredo, ORCHID, benchmarking: protocols, not places.
		['2001::', 23],
		['5f00::', 16],
		['fc00::', 7],
		['fe80::', 10],
		// Site-local: given up in 2004, and routed all the same where it lives on.
		['fec0::', 10],
		['ff00::', 8],
	],
} as const;

/** Addresses that carry an IPv4 address which they lead to, from this 16-bit group on. */
const carriers = [
	// Mapped.
	[/^0:0:0:0:0:ffff:/, 6],
	// Translated (SIIT, RFC 2765).
	[/^0:0:0:0:ffff:0:/, 6],
	// 6to4.
	[/^2002:/, 1],
	// ISATAP within any prefix.
	[/^(?:[\da-f]+:){4}(?:0|200):5efe:/, 6],
] as const;

let lists: Readonly<Record<'ipv4' | 'ipv6', BlockList>> | undefined;

/** Made on first use: most messages fetch nothing. */
function rangesOf(family: 'ipv4' | 'ipv6'): BlockList {
	if (!lists) {
		lists = { ipv4: new BlockList(), ipv6: new BlockList() };
		for (const [address, prefix] of privateRanges.ipv4) lists.ipv4.addSubnet(address, prefix, 'ipv4');
		for (const [address, prefix] of privateRanges.ipv6) lists.ipv6.addSubnet(address, prefix, 'ipv6');
	}
	return lists[family];
}

/**
 * Whether an IP address means something only inside a network. What is no address in the form of the standard is
 * taken for private: nobody knows where it leads.
 */
export function isPrivateAddress(address: string): boolean {
	const [bare = ''] = address.split('%', 1);
	if (isIP(bare) === 4) return rangesOf('ipv4').check(bare, 'ipv4');
	const groups = isIP(bare) === 6 ? groupsOf(bare) : undefined;
	if (!groups) return true;
	const written = groups.map((group) => group.toString(16)).join(':');
	const [, at] = carriers.find(([pattern]) => pattern.test(written)) ?? [];
	const leadsInside = at !== undefined && rangesOf('ipv4').check(ipv4In(groups, at), 'ipv4');
	return leadsInside || rangesOf('ipv6').check(bare, 'ipv6');
}

const ipv4In = (groups: readonly number[], at: number) =>
	[groups[at]!, groups[at + 1]!].flatMap((group) => [group >> 8, group & 0xff]).join('.');

/** The eight groups of an IPv6 address; the URL parser writes every form of one in the shortest. */
function groupsOf(address: string): number[] {
	const [front = '', back] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
	const numbers = (part: string) => (part ? part.split(':').map((group) => parseInt(group, 16)) : []);
	const [first, last] = [numbers(front), numbers(back ?? '')];
	return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/**
 * Domains of this machine and of home networks (RFC 6761, 6762, 8375), what routers, containers and clusters call
 * theirs, and names without a dot.
 */
const localNames =
	/(^|\.)(localhost|localdomain|local|lan|home|internal|intranet|private|corp|home\.arpa|fritz\.box|localnet|workgroup|docker|svc|consul)$|^[^.]*$/i;

/**
 * Whether a name or address in a URL means something only inside the sender's network. Names are not resolved here:
 * whoever connects checks the addresses that it found. Through a proxy the proxy resolves them, and what its network
 * holds is its own to guard.
 */
export function isPrivateHost(hostname: string): boolean {
	const bare = rooted(hostname.replace(/^\[|\]$/g, ''));
	// The URL parser reads IPv4 addresses in decimal, octal and hexadecimal, short or long, in full width too.
	const host = isIP(bare) || !URL.canParse(`http://${bare}/`) ? bare : rooted(new URL(`http://${bare}/`).hostname);
	return isIP(host) ? isPrivateAddress(host) : localNames.test(host);
}

/** A name may be written with the dot of the root behind it. */
const rooted = (name: string) => name.replace(/\.$/, '');

/** What a person names as a place of a network: one origin, a host with all its ports, or a range of addresses. */
type Place = { origin: string } | { host: string } | { range: BlockList; family: 'ipv4' | 'ipv6' };

function placesOf(given: string): Place[] {
	const [, network = '', bits = ''] = /^\[?([\da-f.:]+?)\]?\/(\d{1,3})$/i.exec(given) ?? [];
	const family = { 4: 'ipv4', 6: 'ipv6' }[isIP(network)] as 'ipv4' | 'ipv6' | undefined;
	if (family && bits !== '') {
		if (Number(bits) > (family === 'ipv4' ? 32 : 128)) return [];
		const range = new BlockList();
		range.addSubnet(network, Number(bits), family);
		return [{ range, family }];
	}
	const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(given);
	return (hasScheme ? [given] : [`http://${given}`, `https://${given}`]).flatMap((whole): Place[] => {
		if (!URL.canParse(whole)) return [];
		const { protocol, origin, hostname, username } = new URL(whole);
		if (!/^https?:$/.test(protocol) || hostname === '') return [];
		// A name or address alone means the machine, whatever port it serves its pictures at.
		const isBare = !hasScheme && username === '' && !/:\d+(?:[/?#]|$)/.test(given);
		return [isBare ? { host: hostname } : { origin }];
	});
}

/** Whether an address means a place: `http://10.0.0.5:8096`, `nas.local`, `192.168.1.0/24`. */
export const isPlace = (given: string): boolean => placesOf(given).length > 0;

/** Whether a URL leads to one of the places that a person named. */
export function leadsTo({ origin, hostname }: URL, places: readonly string[]): boolean {
	const bare = hostname.replace(/^\[|\]$/g, '');
	const version = isIP(bare);
	return places.flatMap(placesOf).some((place) => {
		if ('origin' in place) return place.origin === origin;
		if ('host' in place) return place.host === hostname;
		return version === (place.family === 'ipv4' ? 4 : 6) && place.range.check(bare, place.family);
	});
}
