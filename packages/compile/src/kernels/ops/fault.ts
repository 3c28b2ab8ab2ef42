import { EvaluationError } from "@chainrule/core";
import type { KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import type { Push } from "../integers.ts";

/** Ops whose kernels refuse some values, by the number that tells them; 0 is none. */
const FAULTY = ["", "gather", "scatterAdd", "take", "segmentSum", "argmax", "argmin"] as const;

/** An op whose kernel may refuse values. */
export type FaultyOp = Exclude<(typeof FAULTY)[number], "">;

/** The same for those who read the globals elsewhere. */
export const faultNames: readonly string[] = FAULTY;

/** Names of the exported mutable globals of type i32 that say what went wrong. */
const GLOBALS = ["fault", "fault:index", "fault:length"] as const;

/**
 * Writes code that ends the program: the globals `fault`, `fault:index` and `fault:length` say why,
 * and a trap returns to the host, which makes an error of them by `faultError`.
 */
export function emitFault(
  context: Pick<KernelContext, "builder" | "shared">,
  body: KernelContext["body"],
  op: FaultyOp,
  { index, length }: { readonly index: Push; readonly length: Push },
): void {
  body.i32(FAULTY.indexOf(op));
  index();
  length();
  body.call(context.shared("fault", () => faultFunction(context)));
  body.unreachable();
}

/** Reads the index at an address into a local; one outside 0 … length − 1 ends the program. All are locals. */
export function emitIndex(
  context: Pick<KernelContext, "builder" | "shared">,
  body: KernelContext["body"],
  op: FaultyOp,
  { indices, index, length }: Readonly<Record<"indices" | "index" | "length", number>>,
): void {
  body.get(indices);
  body.memory(i32.load);
  body.tee(index);
  body.get(length);
  body.op(i32.ge_u);
  body.if();
  emitFault(context, body, op, {
    index: () => body.get(index),
    length: () => body.get(length),
  });
  body.end();
}

function faultFunction({ builder }: Pick<KernelContext, "builder">): number {
  const body = builder.function("fault", ["i32", "i32", "i32"], []);
  GLOBALS.forEach((name, parameter) => {
    const global = builder.global("i32", true, 0);
    builder.export(name, "global", global);
    body.get(parameter);
    body.globalSet(global);
  });
  body.unreachable();
  return body.index;
}

/**
 * The interpreter's error for what ended a program, or undefined where no kernel refused a value: a
 * trap then has another cause. The globals are cleared.
 */
export function faultError(
  exports: Readonly<Record<string, unknown>>,
): EvaluationError | undefined {
  const [fault, index, length] = GLOBALS.map(
    (name) => exports[name] as { value: number } | undefined,
  );
  const op = FAULTY[fault?.value ?? 0];
  if (fault === undefined || op === undefined || op === "") return undefined;
  fault.value = 0;
  if (op === "argmax" || op === "argmin") {
    return new EvaluationError(`${op}: reduced axes must have elements, got none`);
  }
  const last = (length?.value ?? 0) - 1;
  return new EvaluationError(`${op}: indices must lie in 0 … ${last}, got ${index?.value}`);
}
