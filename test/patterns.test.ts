import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegExpParser, type AST } from '@eslint-community/regexpp';
import { fc } from './property';
import ts from 'typescript';
import { root } from '../scripts/definitions';
import { runs as often } from './property';
import { stepCounter } from './steps';

/**
 * Every pattern of the sources on long runs of what it looks for itself. The linter sees what can be searched from many
 * places where one character begins it; not where several do, as in `<title[^>]*>`.
 */
interface Pattern {
	place: string;
	source: string;
	flags: string;
}

function patternsIn(file: string): Pattern[] {
	const tree = ts.createSourceFile(file, readFileSync(join(root, 'src', file), 'utf8'), ts.ScriptTarget.Latest, true);
	const found: Pattern[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isRegularExpressionLiteral(node)) {
			const end = node.text.lastIndexOf('/');
			const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
			found.push({
				place: `${file}:${line}`,
				source: node.text.slice(1, end),
				flags: node.text.slice(end + 1),
			});
		}
		ts.forEachChild(node, visit);
	};
	visit(tree);
	return found;
}

const patterns = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.ts'))
	.flatMap(patternsIn)
	// A sticky one is tried at one place; without a quantifier nothing is long.
	.filter(({ source, flags }) => !flags.includes('y') && /[*+]|\{\d*,/.test(source));

const parser = new RegExpParser({ ecmaVersion: 2025 });

const characters = [...'ax09_- \t\n"\'<>[](){}/\\&=;:,.|@#%*`~!?+$^，：中“”\u00a0'];

/** Texts that the pattern matches, but for what it asserts. */
function matching(node: AST.Node, flags: string): fc.Arbitrary<string> {
	switch (node.type) {
		case 'Pattern':
		case 'Group':
		case 'CapturingGroup':
			return fc.oneof(...node.alternatives.map((each) => matching(each, flags)));
		case 'Alternative':
			return fc.tuple(...node.elements.map((each) => matching(each, flags))).map((each) => each.join(''));
		case 'Quantifier':
			return fc
				.array(matching(node.element, flags), {
					minLength: node.min,
					maxLength: Math.min(node.max, node.min + 2),
				})
				.map((each) => each.join(''));
		case 'Character':
			return fc.constant(String.fromCodePoint(node.value));
		case 'CharacterSet':
		case 'CharacterClass': {
			const one = new RegExp(`^${node.raw}$`, flags.replace('g', ''));
			const [first] = node.type === 'CharacterClass' ? node.elements : [];
			const own =
				first?.type === 'Character'
					? first.value
					: first?.type === 'CharacterClassRange'
						? first.min.value
						: 97;
			const fitting = characters.filter((each) => one.test(each));
			return fc.constantFrom(...(fitting.length > 0 ? fitting : [String.fromCodePoint(own)]));
		}
		default:
			return fc.constant('');
	}
}

/** One part of what matches many times over, behind the part before it, and then something else. */
const attack = (text: fc.Arbitrary<string>) =>
	fc
		.tuple(text, fc.nat({ max: 99 }), fc.nat({ max: 12 }), fc.constantFrom('', '\0', 'x', '\n', ' x', undefined))
		.map(([whole, at, length, end]) => {
			const from = at < 40 ? 0 : at % (whole.length + 1);
			const to = from + length + 1;
			return { before: whole.slice(0, from), run: whole.slice(from, to) || ' ', behind: end ?? whole.slice(to) };
		});

/** Characters of the run: four times as many may cost about four times as much. */
const [short, long] = [500, 2_000];
/** Steps for each character; a bounded repetition (`.{0,200}`) may be tried in full at each. */
const affordable = 400;

/** Whether the steps grow faster than the text. */
function isSlow(count: ReturnType<typeof stepCounter>, textOf: (length: number) => string): boolean {
	const [few, many] = [textOf(short), textOf(long)];
	const most = affordable * many.length;
	if (count(many, most).steps <= most) return false;
	const bound = (count(few, most).steps * many.length * 2) / few.length;
	return count(many, bound).steps > bound;
}

const runs = often(50, 5_000);
/** The same ones each time, but in the long run. */
const seed = Number(process.env.CARILLON_SEED ?? 1);

test('steps are counted as the matcher takes them', () => {
	const grows = (source: string, unit: string, end = '') =>
		isSlow(stepCounter(source, 'g'), (length) => unit.repeat(length / unit.length) + end);
	expect(grows('超过.*(次数|限制)', '超过')).toBe(true);
	expect(grows('<title[^>]*>', '<title')).toBe(true);
	expect(grows('\\s+$', ' ', 'x')).toBe(true);
	expect(grows('(a|aa)+$', 'a', 'x')).toBe(true);
	expect(grows('超过.{0,40}(次数|限制)', '超过')).toBe(false);
	expect(grows('<title[^<>]*>', '<title')).toBe(false);
	expect(grows('(?<!\\s)\\s+$', ' ', 'x')).toBe(false);
});

test('and the matcher finds what JavaScript finds', () => {
	for (const { place, source, flags } of patterns) {
		const tree = parser.parsePattern(source, undefined, undefined, { unicode: flags.includes('u') });
		const count = stepCounter(source, flags);
		const whole = matching(tree, flags);
		const texts = fc.sample(fc.tuple(whole, fc.constantFrom('', ' ', 'x', '\n', '0'), whole), {
			numRuns: 10,
			seed: 2,
		});
		for (const text of texts.map((each) => each.join(''))) {
			const theirs = text.match(new RegExp(source, flags.includes('g') ? flags : `${flags}g`)) ?? [];
			expect([place, text, count(text, 100_000).found]).toEqual([place, text, [...theirs]]);
		}
	}
});

test(
	`every pattern takes linear time (${runs} runs each)`,
	() => {
		expect(patterns.length).toBeGreaterThan(150);
		const slow = patterns.flatMap(({ place, source, flags }) => {
			const tree = parser.parsePattern(source, undefined, undefined, { unicode: flags.includes('u') });
			const count = stepCounter(source, flags);
			const found = fc
				.sample(attack(matching(tree, flags)), { numRuns: runs, seed })
				.find(({ before, run, behind }) =>
					isSlow(count, (length) => before + run.repeat(Math.ceil(length / run.length)) + behind),
				);
			return found ? [{ place, source, ...found }] : [];
		});
		expect(slow).toEqual([]);
	},
	60_000 + runs * 2_000,
);
