import { compile, compileAsync, exportModule } from "@chainrule/compile";
import {
  constant,
  type Expr,
  grad,
  matmul,
  mul,
  square,
  sum,
  Tensor,
  tanh,
  variable,
} from "@chainrule/core";

const x = variable("x", ["n", 3]);
const w = variable("w", [3, 2]);
const loss = sum(square(tanh(matmul(x, w)))) as Expr;
const small = { inputs: { x, w }, outputs: { loss, slope: grad(loss, w) } };
const values = {
  x: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  w: Float64Array.from({ length: 6 }, (_, i) => Math.cos(i)),
};

/** More than the 8 MB that a page's main thread compiles at once. */
const LENGTH = 2 ** 20 + 1;

function messageOf(action: () => unknown): string {
  try {
    action();
    return "nothing was thrown";
  } catch (error) {
    return (error as Error).message;
  }
}

/** What the page can do, for the test to judge. */
export async function findings(): Promise<Record<string, unknown>> {
  const reasons: string[] = [];
  const f = compile(small, { onFallback: (reason) => reasons.push(reason) });
  const found = { engine: f.explain().engine, loss: f(values)["loss"], reasons };
  if (reasons.length > 0) return found;
  const g = await compileAsync(small);
  const table = constant(
    new Tensor(
      [LENGTH],
      Float64Array.from({ length: LENGTH }, () => 0.5),
    ),
  );
  const s = variable("s");
  const large = { inputs: { s }, outputs: { y: sum(mul(table as Expr, s)) } };
  const refusal = messageOf(() => compile(large));
  const aside = await compileAsync(large);
  const saved = exportModule(f, { name: "page" });
  return {
    ...found,
    async: (await g(values))["loss"],
    refusal,
    moduleBytes: aside.explain().moduleBytes,
    large: (await aside({ s: 2 }))["y"],
    saved: saved.wasm.length,
  };
}

/** Types of the page, without the DOM library. */
interface PageGlobals {
  fetch(url: string, options: { method: string; body: string }): Promise<unknown>;
}

const page = globalThis as unknown as PageGlobals;
findings()
  .catch((error: Error) => ({ error: error.stack }))
  .then((found) => page.fetch("/done", { method: "POST", body: JSON.stringify(found) }));
