import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@chainrule/source", "node", "import", "default"] } },
  resolve: { conditions: ["@chainrule/source", "node", "import", "default"] },
  test: { include: ["test/**/*.test.ts"], server: { deps: { inline: [/@chainrule/] } } },
});
