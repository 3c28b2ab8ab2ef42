import { type Expr, Program } from "@chainrule/core";
import { fromJSON, type GraphJSON, toJSON } from "@chainrule/core/json";
import {
  type GraphPictureOptions,
  graphPicture,
  type Picture,
  type PictureBox,
} from "@chainrule/render/picture";

/** How a graph is drawn; what `graphPicture` takes of plain data. */
export type PlainOptions = Pick<
  GraphPictureOptions,
  "direction" | "detail" | "fold" | "unfold" | "positions" | "derivatives" | "digits"
>;

/** A drawing that is asked for, as plain data: it may go to a worker. */
export interface PictureRequest {
  readonly graph: GraphJSON;
  readonly names: readonly (readonly [key: string, name: string])[];
  readonly scopes: readonly (readonly [key: string, path: readonly string[]])[];
  readonly values: Readonly<Record<string, number>> | undefined;
  readonly options: PlainOptions;
}

/** A picture as plain data. */
export type PlainPicture = Omit<Picture, "boxes"> & { readonly boxes: readonly PlainBox[] };

/** A box by its name; nodes stay where they were made. */
export type PlainBox = Omit<PictureBox, "node">;

const RESULT = "result";
const DEFINITION = "d:";

/** A program and how it is drawn, as plain data. */
export function pictureRequest(
  program: Program,
  values: Readonly<Record<string, number>> | undefined,
  options: PlainOptions,
): PictureRequest {
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
  return plain(graphPicture(program, { ...options, ...(values === undefined ? {} : { values }) }));
}

/** Without the nodes, which cannot leave the place where they were made. */
function plain(picture: Picture): PlainPicture {
  return { ...picture, boxes: picture.boxes.map(({ node: _, ...box }) => box) };
}
