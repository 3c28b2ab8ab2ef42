import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import type { Output } from "./output.ts";
import { serveFolder } from "./serveFolder.ts";
import { UsageError } from "./usageError.ts";

/** The built page, of which only a clone of the repository has the sources. */
const site = fileURLToPath(new URL("../../studio/site/", import.meta.url));

/** Nothing from elsewhere; WebAssembly may be compiled, texts may not run. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** Adds `studio`, which serves the page where the chain rule can be seen and touched until it is stopped. */
export function addStudio(program: Command, output: Output): void {
  program
    .command("studio")
    .description("serve the studio: the page where the chain rule can be seen and touched")
    .option("--port <port>", "port of the address; 0 takes any that is free", port, 4321)
    .action(async ({ port: wanted }: { readonly port: number }) => {
      if (!existsSync(`${site}index.html`)) {
        throw new UsageError(
          `studio: the built page must be at hand, in a clone of the repository after "npm run build", got no folder ${site}`,
        );
      }
      const { address, closed } = await serveFolder(site, { port: wanted, policy: POLICY });
      output.out(`The studio is at ${address}\nStop it with Ctrl+C.\n`);
      await closed;
    });
}

function port(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError("must be a whole number from 0 to 65535.");
  }
  return value;
}
