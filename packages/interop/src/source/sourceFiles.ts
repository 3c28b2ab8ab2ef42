import { compile, exportModule, toC } from "@chainrule/compile";
import { ArgumentError, type Expr, Program } from "@chainrule/core";
import { toNumpy } from "./toNumpy.ts";
import { toTypescript } from "./toTypescript.ts";

/** Languages of standalone source. */
export const sourceFormats = ["c", "ts", "wasm", "numpy"] as const;

/** A language of standalone source. */
export type SourceFormat = (typeof sourceFormats)[number];

/**
 * A program as files that need nothing of chainrule: C99 with its header, a TypeScript module,
 * a WebAssembly module with loader and types, or a NumPy module. The files by name.
 *
 * Throws ArgumentError for what the format cannot hold, with all ops in question.
 */
export function sourceFiles(
  target: Program | Expr,
  format: SourceFormat,
  name: string = "program",
): Readonly<Record<string, string | Uint8Array>> {
  if (!/^[A-Za-z]\w*$/.test(name)) {
    throw new ArgumentError(`sourceFiles: the name must be of letters and digits, got "${name}"`);
  }
  const program =
    target instanceof Program ? target : new Program({ definitions: { result: target } });
  const whole =
    Object.keys(program.definitions).length > 0
      ? program
      : new Program({ definitions: { result: program.result }, variables: program.variables });
  switch (format) {
    case "c": {
      const { header, source } = toC(whole, { name });
      return { [`${name}.h`]: header, [`${name}.c`]: source };
    }
    case "ts":
      return { [`${name}.ts`]: toTypescript(whole, { name }) };
    case "wasm":
      return exportModule(compile(whole), { name }).files;
    case "numpy":
      return { [`${name}.py`]: toNumpy(whole, { name }) };
  }
}
