import { expect, it } from "vitest";
import { summarize } from "../../scripts/summarize.mjs";

const clean = {
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [{}] }],
};
const run = { checks: 2, failedChecks: 0, report: clean, status: 0, everything: true };

it("counts checks and tests", () => {
  expect(summarize(run)).toEqual({ passed: 12, failed: 0, skipped: 0 });
  expect(summarize({ ...run, failedChecks: 1 })).toMatchObject({ passed: 11, failed: 1 });
  const report = { ...clean, numFailedTests: 3 };
  expect(summarize({ ...run, report, status: 1 })).toMatchObject({ passed: 12, failed: 3 });
});

it("counts a file that does not load, a lost report, and errors outside of tests", () => {
  const testResults = [{ status: "failed", assertionResults: [] }];
  const report = { ...clean, testResults };
  expect(summarize({ ...run, report, status: 1 }).failed).toBe(1);
  expect(summarize({ ...run, report: undefined }).failed).toBe(1);
  expect(summarize({ ...run, status: 1 }).failed).toBe(1);
  expect(summarize({ ...run, failedChecks: 1, status: 1 }).failed).toBe(2);
});

it("counts skipped tests as failed where every tool must be present", () => {
  const report = { ...clean, numPendingTests: 2 };
  expect(summarize({ ...run, report })).toEqual({ passed: 12, failed: 2, skipped: 2 });
  const lenient = summarize({ ...run, report, everything: false });
  expect(lenient).toEqual({ passed: 12, failed: 0, skipped: 2 });
});
