import * as zlib from 'node:zlib';
import { receptionist } from '../../../../src/core/receive/reception';
import { memoryStore } from '../../../../src/core/state/memory';
import { unpack } from '../../../../src/core/receive/body/unpack';
import { webhookTrigger } from '../../../../src/services/webhook/webhook.trigger';

const text = Buffer.from('{"title":"T","text":"你好"}');
const most = 10_000;
const zstd = (zlib as unknown as { zstdCompressSync?: (data: Buffer) => Buffer }).zstdCompressSync;

test.each<[string | undefined, Buffer]>([
	[undefined, text],
	['', text],
	['identity', text],
	['utf-8', text],
	['gzip', zlib.gzipSync(text)],
	['GZIP', zlib.gzipSync(text)],
	['x-gzip', zlib.gzipSync(text)],
	['gzip, identity', zlib.gzipSync(text)],
	['identity, gzip', zlib.gzipSync(text)],
	['deflate', zlib.deflateSync(text)],
	['deflate', zlib.deflateRawSync(text)],
	['br', zlib.brotliCompressSync(text)],
	['deflate, gzip', zlib.gzipSync(zlib.deflateSync(text))],
	...(zstd ? ([['zstd', zstd(text)]] as [string, Buffer][]) : []),
])('%s is taken off', async (encoding, body) => {
	expect(Buffer.from((await unpack(body, encoding, most)) as Uint8Array).equals(text)).toBe(true);
});

test.each<[string, Buffer]>([
	['gzip', text],
	['deflate', text],
	['br', Buffer.from('no brotli at all')],
	['gzip, gzip, gzip, gzip', text],
	['gzip', zlib.gzipSync(text).subarray(0, 15)],
])('what is not packed as %s is told', async (encoding, body) =>
	expect(await unpack(body, encoding, most)).toBe('garbled'),
);

test.each<[string, (data: Buffer) => Buffer]>([
	['gzip', zlib.gzipSync],
	['deflate', zlib.deflateSync],
	['deflate', zlib.deflateRawSync],
	['br', zlib.brotliCompressSync],
	['gzip, gzip', (data) => zlib.gzipSync(zlib.gzipSync(data))],
	...(zstd ? ([['zstd', zstd]] as [string, (data: Buffer) => Buffer][]) : []),
])('ten megabytes in a few kilobytes of %s come out no further than they may', async (encoding, pack) => {
	const bomb = pack(Buffer.alloc(10 * 1024 * 1024));
	expect(bomb.length).toBeLessThan(50_000);
	expect(await unpack(bomb, encoding, 1024 * 1024)).toBe('too large');
});

test('the reception refuses in the account’s language', async () => {
	const reception = receptionist(webhookTrigger, {
		account: { language: 'zh' },
		options: { maxSize: 0.001 },
		store: memoryStore(),
	});
	const tooLarge = await reception.unpack(zlib.gzipSync(Buffer.alloc(2_000)), 'gzip');
	expect(tooLarge).toMatchObject({ status: 413, body: expect.stringContaining('上限') });
	const garbled = await reception.unpack(text, 'gzip');
	expect(garbled).toMatchObject({ status: 400, body: expect.stringContaining('Content-Encoding') });
	reception.close();
});
