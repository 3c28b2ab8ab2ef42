import { ArgumentError } from "@chainrule/core";

/** What this module asks of Node, where it runs in Node. */
interface NodeProcess {
  getBuiltinModule?(name: "node:module"): {
    createRequire(from: string): { resolve(name: string): string };
  };
  getBuiltinModule?(name: "node:fs/promises"): { readFile(path: string): Promise<Uint8Array> };
}

/**
 * A file of a package that this one depends on. Node's modules are asked for at run time, so that a
 * page can load this one; there the file must be given.
 */
export async function packageFile(
  where: string,
  option: string,
  name: string,
): Promise<Uint8Array> {
  const { process } = globalThis as { readonly process?: NodeProcess };
  const { url } = import.meta as unknown as { readonly url: string };
  const modules = process?.getBuiltinModule?.("node:module");
  const files = process?.getBuiltinModule?.("node:fs/promises");
  if (modules === undefined || files === undefined) {
    throw new ArgumentError(
      `${where}: outside of Node the option ${option} must hold the file ${name}, got none`,
    );
  }
  return files.readFile(modules.createRequire(url).resolve(name));
}
