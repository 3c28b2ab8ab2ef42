import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "./usageError.ts";

/** What a JavaScript module of the user's exports. Throws UsageError where Node cannot load it. */
export async function importModule(
  command: string,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const full = resolve(path);
  if (!existsSync(full)) {
    throw new UsageError(`${command}: MODEL must be a module, got no file ${path}`);
  }
  try {
    return (await import(pathToFileURL(full).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${command}: MODEL must be a module that Node can load, got ${path}: ${why}`,
    );
  }
}
