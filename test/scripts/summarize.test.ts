import { expect, it } from "vitest";
import { summarize } from "../../scripts/summarize.mjs";

const clean = {
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [{}] }],
};
const run = { report: clean, status: 0 };
const all = { checks: 2, failedChecks: 0, runs: [run], everything: true };

it("counts checks and tests", () => {
  expect(summarize(all)).toEqual({ passed: 12, failed: 0, skipped: 0 });
  expect(summarize({ ...all, failedChecks: 1 })).toMatchObject({ passed: 11, failed: 1 });
  const runs = [{ report: { ...clean, numFailedTests: 3 }, status: 1 }];
  expect(summarize({ ...all, runs })).toMatchObject({ passed: 12, failed: 3 });
});

it("counts a file that does not load, a lost report, and errors outside of tests", () => {
  const testResults = [{ status: "failed", assertionResults: [] }];
  const unloaded = { report: { ...clean, testResults }, status: 1 };
  expect(summarize({ ...all, runs: [unloaded] }).failed).toBe(1);
  expect(summarize({ ...all, runs: [{ ...run, report: undefined }] }).failed).toBe(1);
  expect(summarize({ ...all, runs: [{ ...run, status: 1 }] }).failed).toBe(1);
  expect(summarize({ ...all, failedChecks: 1, runs: [{ ...run, status: 1 }] }).failed).toBe(2);
});

it("counts skipped tests as failed where every tool must be present", () => {
  const runs = [{ ...run, report: { ...clean, numPendingTests: 2 } }];
  expect(summarize({ ...all, runs })).toEqual({ passed: 12, failed: 2, skipped: 2 });
  const lenient = summarize({ ...all, runs, everything: false });
  expect(lenient).toEqual({ passed: 12, failed: 0, skipped: 2 });
});

it("adds up several runs, each of which must end well", () => {
  expect(summarize({ ...all, runs: [run, run] })).toEqual({ passed: 22, failed: 0, skipped: 0 });
  const failing = { report: { ...clean, numFailedTests: 3 }, status: 1 };
  for (const other of [
    { ...run, status: 1 },
    { report: undefined, status: 0 },
  ]) {
    expect(summarize({ ...all, runs: [failing, other] }).failed).toBe(4);
    expect(summarize({ ...all, runs: [run, other] }).failed).toBe(1);
  }
});
