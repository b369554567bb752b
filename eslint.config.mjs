import n8nNodes from 'eslint-plugin-n8n-nodes-base';
import regexp from 'eslint-plugin-regexp';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

/** What costs time to load, or is bundled: loaded when first used, never at start. */
const lazy = [
	'undici',
	'nodemailer',
	'ws',
	'ioredis',
	'markdown-it',
	'htmlparser2',
	'liquidjs',
	'fast-xml-parser',
	'jsonrepair',
	'http_ece',
];

export default defineConfig(
	globalIgnores(['dist/', '.cache/', 'coverage/', 'node_modules/', 'examples/']),
	ts.configs.recommended,
	{
		files: ['**/*.ts'],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/only-throw-error': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			// Libraries are loaded when first used, never at start.
			'@typescript-eslint/no-require-imports': 'off',
			'no-empty': ['error', { allowEmptyCatch: false }],
			eqeqeq: ['error', 'always'],
		},
	},
	{
		// Whoever sends a long run of one character must not hold the host up: every pattern takes linear time.
		files: ['src/**'],
		plugins: { regexp },
		rules: {
			'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
			'regexp/no-super-linear-move': [
				'error',
				{ report: 'potential', ignoreSticky: false, ignorePartial: false },
			],
		},
	},
	{
		files: ['src/**', 'nodes/**', 'credentials/**', 'nodes-red/**'],
		rules: {
			'no-restricted-syntax': [
				'error',
				{
					selector: `ImportDeclaration[importKind!='type'][source.value=/^(${lazy.join('|')})$/]`,
					message: 'Load it when it is first used: const { x } = require("…") as typeof import("…").',
				},
			],
			'no-console': 'error',
		},
	},
	{
		files: ['nodes/**/*.node.ts'],
		plugins: { 'n8n-nodes-base': n8nNodes },
		rules: {
			'n8n-nodes-base/node-filename-against-convention': 'error',
			'n8n-nodes-base/node-dirname-against-convention': 'error',
		},
	},
	{
		files: ['credentials/**/*.credentials.ts'],
		plugins: { 'n8n-nodes-base': n8nNodes },
		rules: { 'n8n-nodes-base/cred-filename-against-convention': 'error' },
	},
	{
		// A test's servers may fail as they like: jest says so.
		files: ['test/**/*.ts', 'bench/**/*.ts'],
		rules: {
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
			'@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
		},
	},
	{
		files: ['**/*.cjs'],
		rules: { '@typescript-eslint/no-require-imports': 'off' },
	},
);
