import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// The packages' sources are tested, not their builds.
const conditions = ["@chainrule/source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/seed.ts"],
    server: { deps: { inline: [/@chainrule/] } },
    // One worker a core: by default one core would be left idle, half of a small machine.
    maxWorkers: availableParallelism(),
    // Shared machines are slow at times; no test is about time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Tests of memory ask for a collection.
    execArgv: ["--expose-gc"],
    coverage: {
      provider: "v8",
      include: ["packages/core/src/**"],
      reporter: ["text-summary"],
      thresholds: { lines: 90 },
    },
  },
});
