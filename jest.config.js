const asCommonJs = { module: { type: 'commonjs' }, sourceMaps: 'inline' };

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// All cores, and no verdict by a clock: what hangs is ended all the same.
	maxWorkers: '100%',
	testSequencer: '<rootDir>/scripts/sequencer.cjs',
	testTimeout: 120_000,
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
	transform: {
		'^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, ...asCommonJs }],
		// Comes as a module of ECMAScript alone, which jest does not load.
		'/node_modules/(node-napcat-ts|nanoid)/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2023' }, ...asCommonJs }],
	},
	transformIgnorePatterns: ['/node_modules/(?!(node-napcat-ts|nanoid)/)'],
};
