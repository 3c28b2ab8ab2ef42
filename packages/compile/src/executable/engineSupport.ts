import { type Engine, engine, f64x2, ModuleBuilder } from "../wasm/index.ts";

const known = new WeakMap<Engine, string>();

/** The host's engine, or why it cannot run compiled programs. */
export function usableEngine(): Engine | string {
  const host = engine();
  if (host === undefined) return "the host has no WebAssembly";
  let reason = known.get(host);
  if (reason === undefined) {
    reason = whyUnusable(host);
    known.set(host, reason);
  }
  return reason === "" ? host : reason;
}

/** Tries a module of one vector instruction: an engine may lack SIMD, or a page forbid modules. */
function whyUnusable(host: Engine): string {
  const builder = new ModuleBuilder();
  const body = builder.function("probe", ["f64"], ["v128"]);
  body.get(0);
  body.op(f64x2.splat);
  const bytes = builder.build();
  if (!host.validate(bytes)) return "the host's WebAssembly has no SIMD";
  try {
    new host.Module(bytes);
    return "";
  } catch (error) {
    return `the host refuses WebAssembly modules (${(error as Error).message})`;
  }
}
