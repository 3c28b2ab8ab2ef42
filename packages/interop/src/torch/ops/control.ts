import { ArgumentError, type Attributes, type Dim, type Expr, type Lambda } from "@chainrule/core";
import { listText, torchType, tupleText } from "../literals.ts";
import type { Rule, Translation } from "../translate.ts";

interface ScanAttributes {
  readonly body: Lambda;
  readonly carries: number;
  readonly slices: number;
  readonly length: Dim;
  readonly reverse: boolean;
  readonly bounded: boolean;
}

interface WhileAttributes {
  readonly condition: Lambda;
  readonly body: Lambda;
  readonly carries: number;
  readonly maxTrips: number | undefined;
}

function read<T>(attributes: Attributes): T {
  return attributes as never;
}

const all = (t: Translation, from: number, to?: number): string[] =>
  t.node.args.map((_, i) => t.arg(i, { tensor: true })).slice(from, to);

/** Shape and element type of each row, for stacks of no rows and of rows that are not reached. */
function rowTypes(t: Translation, rows: readonly Pick<Expr, "shape" | "dtype">[]): string {
  return listText(
    rows.map(({ shape, dtype }) => {
      const sizes = tupleText(shape.map((dim) => t.size(dim)));
      return `(${sizes}, ${torchType(dtype)})`;
    }),
  );
}

const calls: Rule = (t) => {
  const { body, name } = read<{ readonly body: Lambda; readonly name: string }>(t.attributes);
  return `${t.define(name, body)}(${all(t, 0).join(", ")})`;
};

/** Ops that hold sub-graphs, each written as a function before the line that uses it. */
export const controlRules: Readonly<Record<string, Rule>> = {
  call: (t) => `${calls(t)}[0]`,
  callItems: calls,
  cond: (t) => {
    const { consequent, alternative } = read<Record<string, Lambda>>(t.attributes);
    const then = t.define("then", consequent as Lambda);
    const otherwise = t.define("otherwise", alternative as Lambda);
    return t.helper("cond", t.arg(0, { tensor: true }), then, otherwise, listText(all(t, 1)));
  },
  customDerivative: (t) => `${t.defineCustom(t.node)}(${all(t, 0).join(", ")})`,
  item: (t) => `${t.arg(0)}[${t.attributes["index"] as number}]`,
  map: (t) => {
    const { body, mapped, size } = read<{
      readonly body: Lambda;
      readonly mapped: number;
      readonly size: Dim;
    }>(t.attributes);
    const f = t.define("each", body);
    const parts = [listText(all(t, 0, mapped)), listText(all(t, mapped))];
    const rows = rowTypes(t, body.outputs);
    return t.helper("map_rows", f, ...parts, t.size(size), rows, t.device());
  },
  scan: (t) => {
    const s = read<ScanAttributes>(t.attributes);
    const args = all(t, 0, s.bounded ? -1 : undefined);
    const step = t.define("step", s.body);
    const rows = [...s.body.outputs.slice(s.carries), ...s.body.inputs.slice(0, s.carries)];
    const end = s.carries + s.slices;
    const options: string[] = [];
    if (s.reverse) options.push("reverse=True");
    if (s.bounded) options.push(`trips=${t.arg(t.node.args.length - 1, { tensor: true })}`);
    const { carries } = s;
    const outputs = s.body.outputs.length;
    const kept = s.body.inputs.slice(0, carries).some((_, i) => t.reads(outputs + i));
    if (kept) options.push("histories=True");
    return t.helper(
      "scan",
      step,
      listText(args.slice(0, carries)),
      listText(args.slice(carries, end)),
      listText(args.slice(end)),
      t.size(s.length),
      rowTypes(t, kept ? rows : rows.slice(0, outputs - carries)),
      t.device(),
      ...options,
    );
  },
  whileLoop: (t) => {
    const { condition, body, carries, maxTrips } = read<WhileAttributes>(t.attributes);
    const holds = t.define("holds", condition);
    const step = t.define("step", body);
    const kept = body.inputs.slice(0, carries).some((_, i) => t.reads(carries + 1 + i));
    return t.helper(
      "while_loop",
      holds,
      step,
      listText(all(t, 0, carries)),
      listText(all(t, carries)),
      maxTrips === undefined ? "None" : String(maxTrips),
      kept ? rowTypes(t, body.inputs.slice(0, carries)) : "None",
      t.device(),
    );
  },
  abstract: (t) => {
    throw new ArgumentError(
      `toTorch: every function must have a body, got none for ${String(t.attributes["name"])}`,
    );
  },
};
