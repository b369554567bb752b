/** A multipart form as bytes, with the header that tells its boundary: for what must be signed, or holds a name twice. */
export async function multipart(
	parts: Iterable<readonly [name: string, value: string | { name: string; mime: string; data: Uint8Array }]>,
): Promise<{ type: string; body: Uint8Array }> {
	const form = new FormData();
	for (const [name, value] of parts) {
		if (typeof value === 'string') form.append(name, value);
		else form.append(name, new File([value.data as Uint8Array<ArrayBuffer>], value.name, { type: value.mime }));
	}
	const encoded = new Response(form);
	return { type: encoded.headers.get('content-type')!, body: new Uint8Array(await encoded.arrayBuffer()) };
}
