import type { Expr } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { graphPicture } from "@chainrule/render/picture";
import { describe, expect, it } from "vitest";
import { makePicture } from "../../../packages/studio/src/graph/makePicture.ts";
import { pictureRequest } from "../../../packages/studio/src/graph/pictureRequest.ts";
import type { PlainPicture, Wanted } from "../../../packages/studio/src/graph/plainPicture.ts";

/** The picture as it is made on the page, without the nodes. */
function here(...[program, options]: Parameters<typeof graphPicture>) {
  const picture = graphPicture(program, options);
  return { ...picture, boxes: picture.boxes.map(({ node: _, ...box }) => box) };
}

/** The picture as a worker makes it: what goes there and back is plain data. */
function aside(
  program: Wanted["program"],
  values: Wanted["values"],
  options: Wanted["options"],
): PlainPicture {
  const request = pictureRequest({ program, values, options });
  return structuredClone(makePicture(structuredClone(request)));
}

describe("a picture made aside", () => {
  it("is the one made here: names, numbers, derivatives", () => {
    const program = parse("d = 2b; e = a + d; L = c e");
    const values = { a: 3, b: 1, c: -2 };
    expect(aside(program, values, {})).toEqual(here(program, { values }));
    expect(aside(program, undefined, { direction: "TB" })).toEqual(
      here(program, { direction: "TB" }),
    );
  });

  it("keeps names that look like its own keys, and results without a name", () => {
    for (const text of [
      "result = x^2; n = result + 1; s = n x",
      "x y + sin(x)",
      "softmax([a, b])",
    ]) {
      const program = parse(text);
      expect(aside(program, undefined, {})).toEqual(here(program, {}));
    }
  });

  it("keeps scopes, folded and open", () => {
    const text = Array.from({ length: 150 }, (_, i) => `y${i + 1} = sin(y${i}) + w${i}`).join("; ");
    const program = parse(`y0 = x; ${text}`);
    const folded = aside(program, undefined, {});
    expect(folded).toEqual(here(program));
    const scope = folded.boxes.find((box) => box.scope !== undefined)?.scope ?? "";
    const unfold = [scope];
    expect(aside(program, undefined, { unfold })).toEqual(here(program, { unfold }));
  });

  it("says what is wrong as graphPicture does", () => {
    const program = parse("x y");
    expect(() => aside(program, { x: 1 }, {})).toThrow("y");
    const values: Record<string, number> = { x: 1, y: 2 };
    const named: Expr = program.result;
    expect(aside(program, values, {}).boxes.at(-1)?.id).toBe(
      graphPicture(named, { values }).boxes.at(-1)?.id,
    );
  });
});
