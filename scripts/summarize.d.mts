/** How vitest ended, and what it reported. */
interface Run {
  readonly report:
    | {
        readonly numPassedTests: number;
        readonly numFailedTests: number;
        readonly numPendingTests: number;
        readonly numTodoTests: number;
        readonly testResults: readonly {
          readonly status: string;
          readonly assertionResults: readonly unknown[];
        }[];
      }
    | undefined;
  readonly status: number | null;
}

/** Counts of checks and tests together. */
export function summarize(all: {
  readonly checks: number;
  readonly failedChecks: number;
  readonly runs: readonly Run[];
  readonly everything: boolean;
}): { readonly passed: number; readonly failed: number; readonly skipped: number };
