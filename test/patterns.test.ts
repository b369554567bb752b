import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegExpParser, type AST } from '@eslint-community/regexpp';
import { fc } from './property';
import ts from 'typescript';
import { root } from '../scripts/definitions';
import { runs as often } from './property';

/**
 * Every pattern of the sources on long runs of what it looks for itself. The linter sees what can be searched from many
 * places where one character begins it; not where several do, as in `<title[^>]*>`.
 */
interface Pattern {
	place: string;
	source: string;
	flags: string;
	/** Characters that it is given at most. */
	length: number;
}

const usual = 24_000;
/** What a service says is cut before the rows of errors are held against it. */
const ofReplies = 4_096;

function patternsIn(file: string): Pattern[] {
	const tree = ts.createSourceFile(file, readFileSync(join(root, 'src', file), 'utf8'), ts.ScriptTarget.Latest, true);
	const found: Pattern[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isRegularExpressionLiteral(node)) {
			const end = node.text.lastIndexOf('/');
			const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
			const isRow = ts.isPropertyAssignment(node.parent) && node.parent.name.getText() === 'says';
			found.push({
				place: `${file}:${line}`,
				source: node.text.slice(1, end),
				flags: node.text.slice(end + 1),
				length: isRow ? ofReplies : usual,
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

/** ms, of the quickest of a few tries: other programs run too. */
function timeOf(pattern: RegExp, text: string): number {
	let best = Infinity;
	for (let tries = 0; best > 15 && tries < 3; tries++) {
		const started = performance.now();
		text.replace(pattern, '');
		best = Math.min(best, performance.now() - started);
	}
	return best;
}

const parser = new RegExpParser({ ecmaVersion: 2025 });
const runs = often(300);
/** The same ones each time, but in the long run. */
const seed = Number(process.env.CARILLON_SEED ?? 1);

test(
	`every pattern takes linear time (${runs} runs each)`,
	() => {
		expect(patterns.length).toBeGreaterThan(150);
		const slow = patterns.flatMap(({ place, source, flags, length }) => {
			const tree = parser.parsePattern(source, undefined, undefined, { unicode: flags.includes('u') });
			const pattern = new RegExp(source, flags.includes('g') ? flags : `${flags}g`);
			const found = fc
				.sample(attack(matching(tree, flags)), { numRuns: runs, seed })
				.find(({ before, run, behind }) =>
					// Shorter ones first: what is worse than quadratic would never end.
					[30, 300, 1_500, length].some(
						(most) => timeOf(pattern, before + run.repeat(Math.ceil(most / run.length)) + behind) > 15,
					),
				);
			return found ? [{ place, source, ...found }] : [];
		});
		expect(slow).toEqual([]);
	},
	60_000 + runs * 2_000,
);
