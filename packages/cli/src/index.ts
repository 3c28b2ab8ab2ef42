export { type Output, run } from "./run.ts";
export { UsageError } from "./usageError.ts";
