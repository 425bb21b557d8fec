/** Prints the counts in the plain form that any CI reads, after jest's own summary. */
module.exports = class CountReporter {
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numFailedTestSuites }) {
		process.on('exit', () => {
			console.log(`${numPassedTests} passed, ${numFailedTests || numFailedTestSuites} failed`);
		});
	}
};
