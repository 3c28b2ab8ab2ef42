import { compile } from "@chainrule/compile";
import { exp, matmul, Program, type Tensor, tanh, variable } from "@chainrule/core";

interface PageGlobals {
  fetch(url: string, options: { method: string; body: string }): Promise<unknown>;
  setTimeout(action: () => void, milliseconds: number): unknown;
}

const page = globalThis as unknown as PageGlobals;
const x = variable("x", ["n", 64]);
const program = new Program({ definitions: { y: exp(tanh(matmul(x, x.transpose()))) } });
const values = { x: Float64Array.from({ length: 200 * 64 }, (_, i) => Math.sin(i)) };

function elements(threads: number): Float64Array {
  const f = compile(program, { as: "tensors", threads });
  return (f(values)["y"] as Tensor).data as Float64Array;
}

/** Whether three threads give the bits of one, before and after they have begun. */
async function findings(): Promise<Record<string, unknown>> {
  const one = elements(1);
  const f = compile(program, { as: "tensors", threads: 3 });
  const differing = async (): Promise<number> => {
    const y = f(values)["y"] as Tensor;
    return one.reduce((count, value, i) => count + (Object.is(value, y.data[i]) ? 0 : 1), 0);
  };
  const early = await differing();
  // Threads begin while the page's own is idle.
  await new Promise<void>((resolve) => page.setTimeout(resolve, 1500));
  const late = await differing();
  const again = await differing();
  const shared = f.view("x").buffer.constructor.name;
  f.dispose();
  return { early, late, again, shared };
}

findings()
  .catch((error: Error) => ({ error: error.stack }))
  .then((found) => page.fetch("/done", { method: "POST", body: JSON.stringify(found) }));
