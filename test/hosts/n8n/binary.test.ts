import type { IBinaryData } from 'n8n-workflow';
import { toItem } from '../../../src/hosts/n8n/binary';

const warnings: string[] = [];
const host = {
	getNode: () => ({ name: 'Webhook Trigger' }),
	logger: { warn: (message: string) => void warnings.push(message) },
	helpers: {
		prepareBinaryData: async (
			data: Buffer,
			fileName?: string,
			mimeType = 'application/octet-stream',
		): Promise<IBinaryData> => ({
			data: data.toString('base64'),
			mimeType,
			...(fileName !== undefined && { fileName }),
		}),
	},
};

test('bytes become binary properties that message and event name', async () => {
	const data = new Uint8Array([0xff, 0xd8, 1]);
	const item = await toItem(host, {
		event: { item: { title: 'Dune', poster: { data, mime: 'image/jpeg' } } },
		message: {
			body: 'hi',
			image: { data, mime: 'image/jpeg', name: 'dune.jpg' },
			attachments: [{ data: new Uint8Array([1]) }, { data: new Uint8Array([2]) }],
		},
		raw: { a: [1, null, 'x'] },
	});
	expect(item).toEqual({
		json: {
			event: { item: { title: 'Dune', poster: { binary: 'poster', mime: 'image/jpeg' } } },
			message: {
				body: 'hi',
				image: { binary: 'poster', mime: 'image/jpeg', name: 'dune.jpg' },
				attachments: [{ binary: 'file' }, { binary: 'file2' }],
			},
			raw: { a: [1, null, 'x'] },
		},
		binary: {
			poster: { data: '/9gB', mimeType: 'image/jpeg', fileName: 'dune.jpg' },
			file: { data: 'AQ==', mimeType: 'application/octet-stream', fileName: 'file' },
			file2: { data: 'Ag==', mimeType: 'application/octet-stream', fileName: 'file2' },
		},
	});
});

test('without bytes there is no binary', async () => {
	const item = await toItem(host, { event: { data: 'text' }, message: undefined, raw: 'plain' });
	expect(item).toEqual({ json: { event: { data: 'text' }, message: undefined, raw: 'plain' } });
});

test('bytes that n8n cannot store are left out, and the log says why; the message stays', async () => {
	const [poster, first, second] = [new Uint8Array([1]), new Uint8Array([2]), new Uint8Array([3])];
	const prepareBinaryData = async (data: Buffer, name?: string, mime?: string) => {
		if (data[0] !== 3) throw new Error('ENOSPC: no space left on device');
		return await host.helpers.prepareBinaryData(data, name, mime);
	};
	const item = await toItem(
		{ ...host, helpers: { prepareBinaryData } },
		{
			event: { item: { title: 'Dune', poster: { data: poster } } },
			message: { body: 'hi', image: { data: poster }, attachments: [{ data: first }, { data: second }] },
			raw: 'plain',
		},
	);
	expect(item.json).toEqual({
		event: { item: { title: 'Dune' } },
		message: { body: 'hi', attachments: [{ binary: 'file' }] },
		raw: 'plain',
	});
	expect(Object.keys(item.binary ?? {})).toEqual(['file']);
	// Each file is tried once.
	expect(warnings).toEqual(Array(2).fill(expect.stringMatching(/^Webhook Trigger: .*ENOSPC/)));
});
