import { toText, type Value } from "@chainrule/core";
import { type Derivative, type Derivatives, derivativeName } from "./derivatives.ts";
import { reasons } from "./reasons.ts";
import type { Request } from "./request.ts";
import { updated } from "./update.ts";

/** A number as JSON can say it: those it lacks are texts. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** A value as JSON: a number, or nested arrays. */
export function jsonValue(value: Value): unknown {
  if (typeof value === "number") return jsonNumber(value);
  return nested(value.shape, Array.from(value.data, jsonNumber));
}

function nested(shape: readonly number[], items: readonly unknown[]): unknown {
  let level = [...items];
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const size = shape[axis] as number;
    const next: unknown[] = [];
    for (let i = 0; i < level.length; i += size) next.push(level.slice(i, i + size));
    level = next;
  }
  return level;
}

/** The result of a call as one object: outputs, gradients, formulas, and what else was asked for. */
export function toResultJSON(request: Request, derivatives: Derivatives): Record<string, unknown> {
  const { program, name, output, values, options } = request;
  const { gradients, hessian } = derivatives;
  const formula = (one: Derivative): [string, string] => [
    derivativeName(one),
    toText(one.formula, { style: "reading" }),
  ];
  const out: Record<string, unknown> = {};
  if (derivatives.value !== undefined) out["outputs"] = { [name]: jsonValue(derivatives.value) };
  if (values !== undefined) out["gradients"] = { [name]: byVariable(gradients) };
  out["expressions"] = {
    [name]: toText(output, { style: "reading" }),
    ...Object.fromEntries([...gradients, ...hessian].map(formula)),
  };
  if (options.order === 2 && values !== undefined) {
    out["hessian"] = { [name]: matrix(gradients, hessian) };
  }
  if (options.update !== undefined && values !== undefined) {
    out["updated"] = Object.fromEntries(
      updated(request, derivatives).map(({ name: x, after }) => [x, jsonValue(after)]),
    );
  }
  if (options.why === true && values !== undefined) out["why"] = reasons(request);
  if (program.warnings.length > 0) out["warnings"] = program.warnings;
  return out;
}

function byVariable(gradients: readonly Derivative[]): Record<string, unknown> {
  const entries = gradients.map(({ x, value }) => [x.join(" "), jsonValue(value as Value)]);
  return Object.fromEntries(entries);
}

function matrix(
  pure: readonly Derivative[],
  mixed: readonly Derivative[],
): Record<string, Record<string, unknown>> {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const { x } of pure) rows[x[0] as string] = {};
  const names = Object.keys(rows);
  for (const a of names) {
    for (const b of names) {
      const found =
        a === b
          ? pure.find((one) => one.x[0] === a)
          : mixed.find((one) => one.x[0] === a && one.x[1] === b);
      (rows[a] as Record<string, unknown>)[b] = jsonValue(found?.value as Value);
    }
  }
  return rows;
}
