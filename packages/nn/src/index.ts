export * from "./data/index.ts";
export * from "./losses/index.ts";
export * from "./metrics/index.ts";
export * from "./optimizers/index.ts";
export * from "./schedules/index.ts";
