import { backprop, Program, why } from "@chainrule/core";
import type { Request } from "./request.ts";
import { UsageError } from "./usageError.ts";

/** For each variable, a sentence about its heaviest paths and the factors that decide them. */
export function reasons(request: Request): string[] {
  const { program, output, wrt, values } = request;
  if (values === undefined) throw new UsageError("--why: every variable must have a value");
  if (output.shape.length > 0) throw new UsageError("--why: the output must be a scalar");
  const traced = new Program({
    variables: program.variables,
    definitions: program.definitions,
    names: program.names,
    result: output,
  });
  const trace = backprop(traced, values, { wrt: Object.values(wrt), extra: "allow" });
  return Object.values(wrt).flatMap((x) =>
    trace.at(x) === undefined ? [] : why(trace, x).sentences,
  );
}
