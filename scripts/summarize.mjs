/**
 * Counts of a whole run: `checks` of which `failedChecks` failed, then vitest's `runs`, each with its
 * JSON `report` (`undefined` if there is none) and the `status` it ended with. With `everything`, a
 * test that was skipped has failed.
 */
export function summarize({ checks, failedChecks, runs, everything }) {
  let passed = checks - failedChecks;
  let failed = failedChecks;
  let skipped = 0;
  for (const { report, status } of runs) {
    let failures = 0;
    if (report !== undefined) {
      passed += report.numPassedTests;
      // A file that does not even load counts as one failure.
      const broken = report.testResults.filter(
        (file) => file.status === "failed" && file.assertionResults.length === 0,
      );
      failures = report.numFailedTests + broken.length;
      skipped += report.numPendingTests + report.numTodoTests;
    }
    // No report, too little coverage, or an error outside of tests.
    if ((status !== 0 || report === undefined) && failures === 0) failures = 1;
    failed += failures;
  }
  if (everything) failed += skipped;
  return { passed, failed, skipped };
}
