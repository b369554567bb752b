import { packed, unpacked } from '../../../../src/core/receive/keep/content';
import type { Happening } from '../../../../src/core/define/trigger';
import { bounds } from '../../../../src/core/state/bounds';
import { fc, runs } from '../../../property';

/** As a store gives back what it was given. */
async function back(happenings: readonly Happening[]) {
	const { body, blobs } = packed('an-owner', happenings);
	const kept = JSON.parse(JSON.stringify(body)) as unknown;
	expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(bounds.stateBytes);
	for (const bytes of Object.values(blobs)) expect(bytes.byteLength).toBeLessThanOrEqual(bounds.blobBytes);
	const sizes = Object.fromEntries(Object.entries(blobs).map(([name, { byteLength }]) => [name, byteLength]));
	return await unpacked({ body: kept, blobs: sizes }, async (name) => blobs[name]);
}

const json = fc.jsonValue({ maxDepth: 4 });

test('whatever JSON can hold comes back as it was, with the bytes in it', async () => {
	const bytes = fc.uint8Array({ maxLength: 40 });
	const value = fc.oneof(json, fc.record({ data: bytes, mime: fc.string(), beside: json }), fc.array(bytes));
	const happening = fc.record({ event: value, message: value, raw: json, key: fc.string(), id: fc.string() });
	await fc.assert(
		fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 3 }), async (given) => {
			const happenings = given as unknown as Happening[];
			const came = await back(happenings);
			// −0 is 0 to JSON.
			const same = (all: unknown) =>
				JSON.parse(
					JSON.stringify(all, (_, each: unknown) => (each instanceof Uint8Array ? [...each] : each)),
				) as unknown;
			expect(same(came)).toEqual(same(happenings));
			expect(count(came)).toBe(count(happenings));
		}),
		{ numRuns: runs(100) },
	);
});

const count = (value: unknown): number =>
	value instanceof Uint8Array
		? 1
		: typeof value === 'object' && value !== null
			? Object.values(value).reduce((sum: number, each) => sum + count(each), 0)
			: 0;

test('one that is larger than a store takes in one piece is kept in several', async () => {
	const raw = { text: '电'.repeat(4_000_000), end: 'x' };
	expect(await back([{ event: {}, raw }])).toEqual([{ event: {}, raw }]);
});

test('what looks like our way to stand for bytes is what it was', async () => {
	const raw = { owner: 'file 0', 'file 0': 'x', $: { 'content 0': 1 } };
	const [came] = await back([{ event: { poster: { data: new Uint8Array([1, 2]) } }, raw }]);
	expect(came?.raw).toEqual(raw);
});
