/**
 * Ratios of paired runs, never bare speeds: `npm run bench`, `npm run bench -- --json` (a line a figure),
 * `--only deliver,peers`, `--write` (the table in the READMEs), `--long` (a million messages for the memory).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/definitions';
import { deliverBench } from './deliver';
import { formsBench } from './forms';
import { memoryBench } from './memory';
import { n8nBench } from './n8n';
import type { Figure } from './paired';
import { peersBench } from './peers';
import { renderingBench } from './rendering';
import { splitBench } from './split';
import { importBench, startupBench } from './startup';
import { storeBench } from './store';
import { triggerBench } from './triggers';
import { turnsBench } from './turns';

const { values: options } = parseArgs({
	options: {
		json: { type: 'boolean' },
		only: { type: 'string' },
		write: { type: 'boolean' },
		long: { type: 'boolean' },
	},
});

const benches: Record<string, () => Promise<Figure[]>> = {
	deliver: () => deliverBench({ pairs: 7, count: 20_000 }),
	forms: () => formsBench(),
	startup: () => startupBench({ pairs: 9 }),
	trigger: () => triggerBench({ pairs: 5, count: 10_000 }),
	peers: () => peersBench({ pairs: 5, count: 5_000 }),
	rendering: () => renderingBench({ pairs: 5 }),
	turns: () => turnsBench(),
	split: () => splitBench({ pairs: 7 }),
	import: () => importBench({ pairs: 5 }),
	n8n: () => n8nBench({ pairs: 5, count: 200 }),
	store: () => storeBench({ count: 20_000, keys: options.long ? 1_000_000 : 100_000 }),
	memory: () => memoryBench({ stretches: options.long ? 11 : 4 }),
};

const [cpu] = cpus();
/** Figures of another machine are others. */
const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`;

const rounded = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

function show({ name, value, unit, target, better }: Figure): string {
	const met = target === undefined ? '' : (better === 'higher' ? value >= target : value <= target) ? '  ✓' : '  ✗';
	return `${name}: ${rounded(value)} ${unit}${target === undefined ? '' : ` (target ${better === 'higher' ? '≥' : '≤'} ${target})`}${met}`;
}

function table(figures: readonly Figure[], heads: string): string {
	const rows = figures
		.filter(({ target }) => target !== undefined)
		.map(
			({ name, value, unit, target, better }) =>
				`| ${name} | ${rounded(value)} ${unit} | ${target === undefined ? '' : `${better === 'higher' ? '≥' : '≤'} ${target}`} |`,
		);
	return [heads, '| --- | ---: | ---: |', ...rows].join('\n');
}

/** Between the markers of both READMEs: what has a target. */
function write(figures: readonly Figure[]): void {
	for (const [file, heads] of [
		['README.md', '| figure | here | target |'],
		['README.zh-CN.md', '| 指标 | 实测 | 目标 |'],
	] as const) {
		const path = join(root, file);
		const text = readFileSync(path, 'utf8');
		const next = text.replace(
			/(<!-- bench -->)[\s\S]*?(<!-- \/bench -->)/,
			(_, start: string, end: string) => `${start}\n\n${table(figures, heads)}\n\n${machine}\n\n${end}`,
		);
		if (next === text && !text.includes('<!-- bench -->')) throw new Error(`${file} has no place for the table.`);
		writeFileSync(path, next);
		// Its columns are as wide as lint wants them.
		execFileSync(process.execPath, [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--write', path]);
	}
}

async function main(): Promise<void> {
	const chosen = options.only?.split(',') ?? Object.keys(benches);
	process.stdout.write(`${options.json ? JSON.stringify({ machine }) : machine}\n`);
	const figures: Figure[] = [];
	for (const name of chosen) {
		const bench = benches[name];
		if (!bench) throw new Error(`There is no bench “${name}”: ${Object.keys(benches).join(', ')}.`);
		for (const figure of await bench()) {
			figures.push(figure);
			process.stdout.write(`${options.json ? JSON.stringify(figure) : show(figure)}\n`);
		}
	}
	if (options.write) write(figures);
	process.exit();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
