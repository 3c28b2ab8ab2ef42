/** Counts of a whole run of checks and tests. */
export function summarize(run: {
  readonly checks: number;
  readonly failedChecks: number;
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
  readonly everything: boolean;
}): { readonly passed: number; readonly failed: number; readonly skipped: number };
