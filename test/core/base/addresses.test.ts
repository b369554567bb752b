import { fc } from '../../property';
import { isPrivateAddress, isPrivateHost } from '../../../src/core/base/addresses';

/** Addresses are read here, and never connected to. */
test.each([
	...['0.0.0.0', '0.1.2.3', '10.255.0.1', '100.64.0.1', '100.127.255.255', '127.9.9.9', '169.254.169.254'],
	...['172.16.0.1', '172.31.255.255', '192.0.0.170', '192.168.0.1', '198.18.0.1', '198.19.255.255'],
	...['224.0.0.251', '240.0.0.1', '255.255.255.255'],
	...['::', '::1', '0:0:0:0:0:0:0:1', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
	...['0:0:0:0:0:FFFF:C0A8:0001', '::ffff:0:7f00:1', '::ffff:0:192.168.1.1', '64:ff9b::7f00:1', '64:ff9b::10.0.0.1'],
	...['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', '64:ff9b:1::808:808', '2002:7f00:1::', '2002:c0a8:101::1'],
	...['2002:a00:1:2:3:4:5:6', '2001::', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '100::1'],
	...[
		'fc00::1',
		'fd12:3456::1',
		'fdff:ffff::',
		'fe80::1',
		'fe80::1%eth0',
		'febf::1',
		'fec0::1',
		'feff::1',
		'ff02::1',
	],
	...['2606:4700::5efe:10.0.0.1', '2606:4700::200:5efe:c0a8:1', 'fe80::5efe:8.8.8.8', '5f00::1'],
	...['', 'nonsense', '1.2.3', '::ffff:999.1.1.1'],
])('“%s” is private', (address) => {
	expect(isPrivateAddress(address)).toBe(true);
});

test.each([
	...['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1', '192.0.1.1', '192.167.0.1'],
	...['198.17.0.1', '198.20.0.1', '223.255.255.255', '11.0.0.1', '126.0.0.1', '128.0.0.1'],
	...['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1', '::ffff:8.8.8.8', '::ffff:808:808'],
	...['2002:808:808::1', '2606:4700::5efe:8.8.8.8', '64:ff9b:2::1', 'fbff::1'],
])('%s is public', (address) => {
	expect(isPrivateAddress(address)).toBe(false);
});

test('an IPv6 address is the same in whatever form it is written', () => {
	const group = fc.constantFrom(0, 0, 0, 1, 0x7f00, 0xffff, 0x2002, 0x64, 0xff9b, 0xc0a8, 0x808, 0xfec0);
	fc.assert(
		fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
			const long = groups.map((each) => each.toString(16).padStart(4, '0').toUpperCase()).join(':');
			const short = new URL(`http://[${long}]`).hostname.slice(1, -1);
			const tail = [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
			const dotted = [...groups.slice(0, 6).map((each) => each.toString(16)), tail].join(':');
			expect([isPrivateAddress(short), isPrivateAddress(dotted)]).toEqual([
				isPrivateAddress(long),
				isPrivateAddress(long),
			]);
		}),
		{ seed: 11, numRuns: 500 },
	);
});

test.each([
	...[
		'localhost',
		'LOCALHOST',
		'localhost.',
		'app.localhost',
		'a.b.localhost.',
		'nas',
		'nas.',
		'emby.local',
		'x.LAN',
	],
	...['router.home', 'box.home.arpa', 'a.internal', 'intranet', 'wiki.intranet', 'dc.corp', 'x.localdomain', ''],
	...['nas.fritz.box', 'fritz.box.', 'db.default.svc', 'web.service.consul', 'app.docker', 'pc.workgroup'],
	...['127.0.0.1', '127.0.0.1.', '127.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001'],
	...['0xC0A80101', '192.168.257', '10.1', '0', '１２７.0.0.1', '127。0。0。1'],
	...['[::1]', '::1', '[::ffff:7f00:1]', '[::7f00:1]', '[fec0::1]', '[2002:7f00:1::]'],
])('“%s” means something inside alone', (host) => {
	expect(isPrivateHost(host)).toBe(true);
});

test.each([
	...[
		'image.tmdb.org',
		'example.com.',
		'localhost.example.com',
		'notlocalhost.com',
		'mylocal.net',
		'home.example.com',
	],
	...['8.8.8.8', '134744072', '0x08080808', '[2606:4700::1111]', 'xn--fiqs8s.com'],
])('%s may be asked', (host) => {
	expect(isPrivateHost(host)).toBe(false);
});
