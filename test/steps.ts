import { RegExpParser, type AST } from '@eslint-community/regexpp';

type Op =
	| { do: 'character'; raw: string; back: boolean }
	/** Tries the first, and on the way back the second. */
	| { do: 'split'; first: number; second: number }
	| { do: 'jump'; to: number }
	/** Remembers the place. */
	| { do: 'mark'; register: number }
	/** A repetition that has moved nowhere ends. */
	| { do: 'moved'; register: number }
	| { do: 'again'; from: number; to: number; back: boolean }
	| { do: 'look'; program: Op[]; negate: boolean }
	| { do: 'edge'; raw: string; kind: AST.EdgeAssertion['kind'] | 'word' }
	| { do: 'end' };

const parser = new RegExpParser({ ecmaVersion: 2025 });

/** The matcher's program, in the order in which it goes through the text. */
class Compiler {
	registers = 0;
	private readonly groups = new Map<AST.CapturingGroup, [from: number, to: number]>();

	program(all: readonly AST.Alternative[], back = false): Op[] {
		const ops: Op[] = [];
		this.alternatives(all, back, ops);
		ops.push({ do: 'end' });
		return ops;
	}

	private alternatives(all: readonly AST.Alternative[], back: boolean, ops: Op[]): void {
		const jumps: { to: number }[] = [];
		for (const [index, { elements }] of all.entries()) {
			const split =
				index < all.length - 1 ? { do: 'split' as const, first: ops.length + 1, second: 0 } : undefined;
			if (split) ops.push(split);
			for (const element of back ? [...elements].reverse() : elements) this.element(element, back, ops);
			if (!split) continue;
			const jump = { do: 'jump' as const, to: 0 };
			jumps.push(jump);
			ops.push(jump);
			split.second = ops.length;
		}
		for (const jump of jumps) jump.to = ops.length;
	}

	private element(node: AST.Element, back: boolean, ops: Op[]): void {
		switch (node.type) {
			case 'Character':
			case 'CharacterSet':
			case 'CharacterClass':
			case 'ExpressionCharacterClass':
				ops.push({ do: 'character', raw: node.raw, back });
				return;
			case 'Group':
				return this.alternatives(node.alternatives, back, ops);
			case 'CapturingGroup': {
				const [from, to] = [this.registers++, this.registers++];
				this.groups.set(node, [from, to]);
				ops.push({ do: 'mark', register: back ? to : from });
				this.alternatives(node.alternatives, back, ops);
				ops.push({ do: 'mark', register: back ? from : to });
				return;
			}
			case 'Quantifier':
				return this.quantifier(node, back, ops);
			case 'Backreference': {
				const [from, to] = this.groups.get([node.resolved].flat()[0]!)!;
				ops.push({ do: 'again', from, to, back });
				return;
			}
			case 'Assertion':
				if (node.kind === 'lookahead' || node.kind === 'lookbehind') {
					const program = this.program(node.alternatives, node.kind === 'lookbehind');
					ops.push({ do: 'look', program, negate: node.negate });
				} else ops.push({ do: 'edge', raw: node.raw, kind: node.kind });
		}
	}

	private quantifier({ element, min, max, greedy }: AST.Quantifier, back: boolean, ops: Op[]): void {
		for (let done = 0; done < min; done++) this.element(element, back, ops);
		const exits: (() => void)[] = [];
		const optional = (register?: number) => {
			const split = { do: 'split' as const, first: 0, second: 0 };
			ops.push(split);
			const body = ops.length;
			exits.push(() => ([split.first, split.second] = greedy ? [body, ops.length] : [ops.length, body]));
			if (register !== undefined) ops.push({ do: 'mark', register });
			this.element(element, back, ops);
		};
		if (max === Infinity) {
			const register = this.registers++;
			const start = ops.length;
			optional(register);
			ops.push({ do: 'moved', register }, { do: 'jump', to: start });
		} else for (let done = min; done < max; done++) optional();
		for (const exit of exits) exit();
	}
}

type Thread = readonly [op: number, at: number, registers: readonly number[]];

export interface Count {
	steps: number;
	/** All matches, as `text.match(/…/g)` gives them. */
	found: string[];
}

/**
 * Counts what a backtracking matcher does, in place of the time that it takes: one step for each character, assertion or
 * choice that it looks at. The matcher is the one of the specification (ECMA-262, 22.2.2), without V8's shortcuts.
 * @returns searches a text for all matches, and gives up past `most` steps
 */
export function stepCounter(source: string, flags: string): (text: string, most: number) => Count {
	const unicode = flags.includes('u') || flags.includes('v');
	const compiler = new Compiler();
	const whole = compiler.program(parser.parsePattern(source, undefined, undefined, { unicode }).alternatives);
	const own = flags.replace(/[gy]/g, '');
	const known = new Map<string, boolean>();
	let text = '';
	let [steps, limit] = [0, 0];

	const isOf = (raw: string, found: string): boolean => {
		const key = `${raw}\n${found}`;
		let is = known.get(key);
		if (is === undefined) known.set(key, (is = new RegExp(`^(?:${raw})$`, own).test(found)));
		return is;
	};

	const characterAt = (at: number): string =>
		unicode ? String.fromCodePoint(text.codePointAt(at)!) : text.charAt(at);
	const characterBefore = (at: number): string => {
		const pair = text.slice(Math.max(0, at - 2), at);
		return unicode && pair.codePointAt(0)! > 0xffff ? pair : pair.slice(-1);
	};

	const isEdge = (raw: string, kind: (Op & { do: 'edge' })['kind'], at: number): boolean => {
		if (kind === 'start' && !own.includes('m')) return at === 0;
		if (kind === 'end' && !own.includes('m')) return at === text.length;
		const from = Math.max(0, at - 1);
		const pattern = new RegExp(raw, `${own}y`);
		pattern.lastIndex = at - from;
		return pattern.test(text.slice(from, at + 1));
	};

	/** @returns where a match ends */
	const match = (program: readonly Op[], start: number, given: readonly number[]): number | undefined => {
		const waiting: Thread[] = [[0, start, given]];
		for (let thread = waiting.pop(); thread; thread = waiting.pop()) {
			let [next, at, registers] = thread;
			for (let fits = true; fits;) {
				if (++steps > limit) return undefined;
				const op = program[next++]!;
				switch (op.do) {
					case 'end':
						return at;
					case 'jump':
						next = op.to;
						break;
					case 'split':
						waiting.push([op.second, at, registers]);
						next = op.first;
						break;
					case 'mark':
						registers = registers.with(op.register, at);
						break;
					case 'moved':
						fits = registers[op.register] !== at;
						break;
					case 'character': {
						const found = op.back ? characterBefore(at) : at < text.length ? characterAt(at) : '';
						fits = found !== '' && isOf(op.raw, found);
						at += op.back ? -found.length : found.length;
						break;
					}
					case 'again': {
						const word = text.slice(registers[op.from], registers[op.to]);
						fits = op.back ? text.endsWith(word, at) : text.startsWith(word, at);
						at += op.back ? -word.length : word.length;
						break;
					}
					case 'look':
						fits = (match(op.program, at, registers) !== undefined) !== op.negate;
						break;
					case 'edge':
						fits = isEdge(op.raw, op.kind, at);
				}
			}
		}
		return undefined;
	};

	const none = Array<number>(compiler.registers).fill(0);
	return (given, most) => {
		[text, steps, limit] = [given, 0, most];
		const found: string[] = [];
		for (let at = 0; at <= text.length && steps <= limit;) {
			const end = match(whole, at, none);
			if (end !== undefined) found.push(text.slice(at, end));
			at = end !== undefined && end > at ? end : at + (unicode && text.codePointAt(at)! > 0xffff ? 2 : 1);
		}
		return { steps, found };
	};
}
