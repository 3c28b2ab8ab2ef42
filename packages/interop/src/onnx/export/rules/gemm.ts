import { type Expr, isFloat, literalValue } from "@chainrule/core";
import type { GraphWriter } from "../graphWriter.ts";

/** A product of two matrices times a number. */
interface Scaled {
  readonly product: Expr;
  readonly factor: number;
}

/**
 * `C ± s (A B)` as one Gemm, as a step of gradient descent has it: neither the scaled product nor transposes of A
 * and B take memory of their own. Undefined where it is something else, or others read the product.
 */
export function gemm(w: GraphWriter, node: Expr, sign: 1 | -1): string | undefined {
  const [start, change] = node.args as readonly [Expr, Expr];
  const scaled = scaledProduct(w, change);
  if (scaled === undefined || !isFloat(node.dtype)) return undefined;
  const { product, factor } = scaled;
  const alpha = sign * factor;
  // Attributes of ONNX are of single precision.
  if (node.dtype === "f64" && Math.fround(alpha) !== alpha) return undefined;
  const isSame = [start, change, product].every(
    ({ dtype, shape }) =>
      dtype === node.dtype && shape.length === 2 && shape.join() === node.shape.join(),
  );
  const [a, b] = product.args as readonly [Expr, Expr];
  const areMatrices = [a, b].every(
    ({ dtype, shape }) => dtype === node.dtype && shape.length === 2,
  );
  if (!isSame || !areMatrices) return undefined;
  const [isTurnedA, isTurnedB] = [isTurned(a), isTurned(b)];
  const inputs = [
    isTurnedA ? w.arg(a, 0, node.dtype) : w.value(a),
    isTurnedB ? w.arg(b, 0, node.dtype) : w.value(b),
    w.value(start),
  ];
  return w.op("Gemm", inputs, {
    alpha: { float: alpha },
    ...(isTurnedA ? { transA: 1 } : {}),
    ...(isTurnedB ? { transB: 1 } : {}),
  });
}

/** A product that nobody else reads, and what it is multiplied by. */
function scaledProduct(w: GraphWriter, node: Expr): Scaled | undefined {
  if (!w.isReadOnce(node)) return undefined;
  if (node.op.name === "matmul") return { product: node, factor: 1 };
  if (node.op.name !== "mul") return undefined;
  const [first, second] = node.args as readonly [Expr, Expr];
  const [product, other] = first.op.name === "matmul" ? [first, second] : [second, first];
  const factor = literalValue(other);
  const fits = factor !== undefined && product.op.name === "matmul" && w.isReadOnce(product);
  return fits ? { product, factor } : undefined;
}

const isTurned = ({ op, attributes }: Expr): boolean =>
  op.name === "transpose" && (attributes["permutation"] as readonly number[]).join() === "1,0";
