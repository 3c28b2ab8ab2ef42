import type { KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import { add, forEach, integers, whileAtLeast } from "../integers.ts";
import type { Precision } from "../precision.ts";

/**
 * A function between a row of each term of a window and its place in a padded input. Parameters:
 * input, offsets in bytes, terms, rows, bytes from one row to the next, width, step in bytes.
 *
 * `unfold`: `rows[p, j] = input[offsets[p] + j step]`; `fold`: `input[offsets[p] + j step] +=
 * rows[p, j]`.
 */
export function unfoldFunction(
  { builder }: KernelContext,
  precision: Precision,
  kind: "unfold" | "fold",
): number {
  const { name, size, lanes, load, store, scalar } = precision;
  const body = builder.function(`${kind}_${name}`, Array(7).fill("i32"), []);
  const [input, offsets, terms, rows, bytesOfRow, width, step] = [0, 1, 2, 3, 4, 5, 6];
  const { get, constant, add: plus } = integers(body);
  const [p, place, row, left] = [0, 0, 0, 0].map(() => body.local("i32")) as [
    number,
    number,
    number,
    number,
  ];
  const unaligned = precision.loadSplat >> 16;
  const move = (read: () => void, write: () => void, sum: number): void => {
    body.get(kind === "fold" ? place : row);
    if (kind === "fold") {
      body.get(place);
      read();
    }
    body.get(kind === "fold" ? row : place);
    read();
    if (kind === "fold") body.op(sum);
    write();
  };
  forEach(body, { index: p, limit: terms, step: constant(1) }, () => {
    plus(get(input), () => {
      body.get(offsets);
      body.memory(i32.load);
    })();
    body.set(place);
    body.get(rows);
    body.set(row);
    body.get(width);
    body.set(left);
    body.get(step);
    body.i32(size);
    body.op(i32.eq);
    body.if();
    whileAtLeast(body, left, lanes, () => {
      move(
        () => body.memory(load, 0, unaligned),
        () => body.memory(store, 0, unaligned),
        precision.add,
      );
      add(body, row, constant(16));
      add(body, place, constant(16));
    });
    body.end();
    whileAtLeast(body, left, 1, () => {
      move(
        () => body.memory(scalar.load),
        () => body.memory(scalar.store),
        scalar.add,
      );
      add(body, row, constant(size));
      add(body, place, get(step));
    });
    add(body, offsets, constant(4));
    add(body, rows, get(bytesOfRow));
  });
  return body.index;
}
