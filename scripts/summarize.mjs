/**
 * Counts of a whole run: `checks` of which `failedChecks` failed, then the tests of vitest's JSON
 * `report` (`undefined` if there is none), which ended with `status`. With `everything`, a test that
 * was skipped has failed.
 */
export function summarize({ checks, failedChecks, report, status, everything }) {
  let passed = checks - failedChecks;
  let failed = failedChecks;
  let skipped = 0;
  if (report !== undefined) {
    passed += report.numPassedTests;
    // A file that does not even load counts as one failure.
    const broken = report.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.length === 0,
    );
    failed += report.numFailedTests + broken.length;
    skipped = report.numPendingTests + report.numTodoTests;
  }
  // No report, too little coverage, or an error outside of tests.
  if ((status !== 0 || report === undefined) && failed === failedChecks) failed++;
  if (everything) failed += skipped;
  return { passed, failed, skipped };
}
