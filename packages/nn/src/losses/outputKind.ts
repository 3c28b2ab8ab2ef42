import {
  ArgumentError,
  add,
  type Expr,
  isInput,
  logSigmoid,
  logSoftmax,
  matmul,
  sigmoid,
  softmax,
} from "@chainrule/core";

/** What a loss takes the output for. */
export type OutputKind = "logits" | "probabilities" | "log-probabilities";

/**
 * Throws ArgumentError where the output's last op shows that it is something else: a softmax of a
 * softmax trains, slowly and without a word, and the logarithm of logits is NaN or nonsense.
 */
export function checkKind(
  where: string,
  output: Expr,
  expected: OutputKind,
  instead: string,
): void {
  const found = kindOf(output);
  if (found === undefined || found.kind === expected) return;
  // Log-probabilities are logits of themselves.
  if (expected === "logits" && found.kind === "log-probabilities") return;
  throw new ArgumentError(
    `${where}: the output must be ${expected}, got ${found.text}; ${instead}`,
  );
}

function kindOf({
  op,
  args,
}: Expr): { readonly kind: OutputKind; readonly text: string } | undefined {
  if (op === softmax.op || op === sigmoid.op) {
    return { kind: "probabilities", text: `probabilities (of ${op.name})` };
  }
  if (op === logSoftmax.op || op === logSigmoid.op) {
    return { kind: "log-probabilities", text: `log-probabilities (of ${op.name})` };
  }
  const affine =
    op === add.op && args.some((arg) => arg.op === matmul.op) && args.some((arg) => isInput(arg));
  return affine ? { kind: "logits", text: "logits (x W + b without activation)" } : undefined;
}
