import type { Expr } from "@chainrule/core";
import { type GraphJSON, toJSON } from "@chainrule/core/json";
import type { PlainOptions, Wanted } from "./plainPicture.ts";

/** A drawing that is asked for, as plain data: it may go to a worker. */
export interface PictureRequest {
  readonly graph: GraphJSON;
  readonly names: readonly (readonly [key: string, name: string])[];
  readonly scopes: readonly (readonly [key: string, path: readonly string[]])[];
  readonly values: Readonly<Record<string, number>> | undefined;
  readonly options: PlainOptions;
}

/** Keys of the outputs: the result, and what begins the names of definitions. */
export const RESULT = "result";
/** What the keys of definitions begin with. */
export const DEFINITION = "d:";

/** A program and how it is drawn, as plain data. */
export function pictureRequest({ program, values, options }: Wanted): PictureRequest {
  const outputs: Record<string, Expr> = { [RESULT]: program.result };
  for (const [name, node] of Object.entries(program.definitions)) {
    outputs[DEFINITION + name] = node;
  }
  const keyed = <Value>(kind: string, all: ReadonlyMap<Expr, Value>): [string, Value][] =>
    [...all].map(([node, value], i) => {
      const key = `${kind}:${i}`;
      outputs[key] = node;
      return [key, value];
    });
  const names = keyed("n", program.names);
  const scopes = keyed("s", program.scopes);
  return { graph: toJSON(outputs), names, scopes, values, options };
}
