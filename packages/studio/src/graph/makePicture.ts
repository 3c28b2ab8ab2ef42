import { type Expr, Program } from "@chainrule/core";
import { fromJSON } from "@chainrule/core/json";
import { DEFINITION, type PictureRequest, RESULT } from "./pictureRequest.ts";
import { type PlainPicture, plainPicture } from "./plainPicture.ts";

/** The picture that was asked for. Throws what `graphPicture` throws. */
export function makePicture(request: PictureRequest): PlainPicture {
  const { graph, names, scopes, values, options } = request;
  const nodes = fromJSON(graph);
  const nodeOf = <Value>([key, value]: readonly [string, Value]): [Expr, Value] => [
    nodes[key] as Expr,
    value,
  ];
  const definitions = Object.keys(nodes).filter((key) => key.startsWith(DEFINITION));
  const program = new Program({
    definitions: Object.fromEntries(
      definitions.map((key) => [key.slice(DEFINITION.length), nodes[key] as Expr]),
    ),
    result: nodes[RESULT] as Expr,
    names: new Map(names.map(nodeOf)),
    scopes: new Map(scopes.map(nodeOf)),
  });
  return plainPicture({ program, values, options });
}
