/**
 * What n8n's scan of community packages (@n8n/scan-community-package) finds, with its plugins and its settings: the
 * names of the rules that are broken, as JSON.
 *
 *   node scripts/run.mjs scripts/scan.mjs package.json 'nodes/**\/*.ts'
 */
import { ESLint } from 'eslint';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import nodesPlugin from 'eslint-plugin-n8n-nodes-base';
import { parser } from 'typescript-eslint';
import { root } from './setup.mjs';

const rules = (name) => nodesPlugin.configs[name].rules;
const off = (...names) => Object.fromEntries(names.map((name) => [`n8n-nodes-base/${name}`, 'off']));

const eslint = new ESLint({
	cwd: root,
	allowInlineConfig: false,
	overrideConfigFile: true,
	ignorePatterns: ['!dist'],
	overrideConfig: [
		n8nCommunityNodesPlugin.configs.recommended,
		{ rules: { 'no-console': 'error' } },
		{ plugins: { 'n8n-nodes-base': nodesPlugin } },
		{ files: ['package.json'], rules: rules('community') },
		{
			files: ['**/credentials/**/*.ts'],
			rules: {
				...rules('credentials'),
				...off('cred-class-field-documentation-url-miscased', 'cred-class-field-type-options-password-missing'),
			},
		},
		{
			files: ['**/nodes/**/*.ts'],
			rules: {
				...rules('nodes'),
				...off(
					'node-class-description-inputs-wrong-regular-node',
					'node-class-description-outputs-wrong',
					'node-param-type-options-max-value-present',
				),
			},
		},
		{ files: ['**/*.json', '**/*.ts'], languageOptions: { parser } },
	],
});
const results = await eslint.lintFiles(process.argv.slice(2));
const errors = results.flatMap(({ messages }) => messages.filter(({ severity }) => severity === 2));
console.log(
	JSON.stringify({
		files: results.length,
		broken: [...new Set(errors.map(({ ruleId, message }) => ruleId ?? message))],
	}),
);
