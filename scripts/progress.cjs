/** Tells on stderr which file ended, how long it took, how many are left, and what failed. */
const { relative } = require('node:path');

module.exports = class Progress {
	constructor({ rootDir }) {
		this.rootDir = rootDir;
		this.done = 0;
	}

	onRunStart({ numTotalTestSuites }) {
		this.all = numTotalTestSuites;
		process.stderr.write(`carillon: ${this.all} files of tests\n`);
	}

	onTestFileResult(
		{ path },
		{ numPassingTests, numFailingTests, numPendingTests, perfStats, testExecError, failureMessage },
	) {
		this.done++;
		const place = `${String(this.done).padStart(String(this.all).length)}/${this.all}`;
		const failed = numFailingTests > 0 || testExecError !== undefined;
		const counts = [
			`${numPassingTests} passed`,
			...(numFailingTests > 0 ? [`${numFailingTests} failed`] : []),
			...(numPendingTests > 0 ? [`${numPendingTests} skipped`] : []),
		].join(', ');
		const seconds = ((perfStats.end - perfStats.start) / 1000).toFixed(1);
		process.stderr.write(
			`${place} ${failed ? 'FAIL' : 'pass'} ${relative(this.rootDir, path)} (${counts}, ${seconds} s)\n`,
		);
		if (failureMessage) process.stderr.write(`${failureMessage}\n`);
	}

	onRunComplete(_, { numPassedTests, numFailedTests, numPendingTests, startTime }) {
		const seconds = ((Date.now() - startTime) / 1000).toFixed(0);
		process.stderr.write(
			`carillon: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped in ${seconds} s\n`,
		);
	}
};
