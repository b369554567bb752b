/** No service nests its answers deeper; hosts that copy what they are given by recursion fall at some thousand levels. */
const deepest = 100;

/**
 * What a service answered, without a secret: text by text and key by key, so that whatever stands around them keeps its
 * shape; a number that is a secret becomes the text `***`. What lies too deep, or within itself, becomes `…`. Bytes stay
 * as they are.
 * @param redact takes the secrets out of a text
 * @returns the value itself where nothing had to be taken out; never throws
 */
export function scrub(value: unknown, redact: (text: string) => string): unknown {
	try {
		return isClean(value, redact) ? (value ?? null) : scrubbedOf(value, redact);
	} catch {
		// It cannot even be looked at (a getter that throws), so nobody can tell what is in it.
		return '***';
	}
}

/** Deeper than most answers. */
const shallow = 8;

/** Of what is small and shallow, as most answers are, and holds no secret: nothing is made for it. */
function isClean(value: unknown, redact: (text: string) => string): boolean {
	let left = 100;

	const seen = (one: unknown, depth: number): boolean => {
		if (left-- === 0 || depth > shallow) return false;
		if (typeof one === 'string') return redact(one) === one;
		if (typeof one === 'number' || typeof one === 'bigint') return !isSecret(one, redact);
		if (typeof one !== 'object' || one === null) return true;
		if (Array.isArray(one)) return one.every((each) => seen(each, depth + 1));
		for (const key of Object.keys(one))
			if (redact(key) !== key || !seen((one as Record<string, unknown>)[key], depth + 1)) return false;
		return true;
	};

	return seen(value, 0);
}

function scrubbedOf(value: unknown, redact: (text: string) => string): unknown {
	let clean: Map<object, unknown> | undefined;
	let within: Set<object> | undefined;

	const scrubbed = (one: unknown, depth: number): unknown => {
		if (typeof one === 'string') return redact(one);
		if (typeof one === 'number' || typeof one === 'bigint') return isSecret(one, redact) ? '***' : one;
		if (typeof one !== 'object' || one === null || one instanceof Date || ArrayBuffer.isView(one)) return one;
		clean ??= new Map();
		within ??= new Set();
		if (depth > deepest || within.has(one)) return '…';
		if (clean.has(one)) return clean.get(one);
		within.add(one);
		const made = Array.isArray(one) ? ofList(one, depth + 1) : ofRecord(one, depth + 1);
		within.delete(one);
		clean.set(one, made);
		return made;
	};

	const ofList = (list: readonly unknown[], depth: number): unknown => {
		const made = list.map((each) => scrubbed(each, depth));
		return made.some((each, at) => !Object.is(each, list[at])) ? made : list;
	};

	/** Most hold no secret: nothing is made anew before one is found. */
	const ofRecord = (record: object, depth: number): unknown => {
		const entries = Object.entries(record);
		if (entries.every(([key, each]) => redact(key) === key && Object.is(scrubbed(each, depth), each)))
			return record;
		const names = new Set<string>();
		return Object.fromEntries(
			entries.map(([key, each]) => [unused(redact(key), names), scrubbed(each, depth)] as const),
		);
	};

	return scrubbed(value, 0) ?? null;
}

const isSecret = (value: number | bigint, redact: (text: string) => string) => redact(String(value)) === '***';

/** Two keys that were secrets are two keys still. */
function unused(wanted: string, names: Set<string>): string {
	let name = wanted;
	for (let count = 2; names.has(name); count++) name = `${wanted} ${count}`;
	names.add(name);
	return name;
}
