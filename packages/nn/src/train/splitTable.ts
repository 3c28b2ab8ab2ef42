import { ArgumentError, describe } from "@chainrule/core";
import type { Random } from "../random/index.ts";
import { Gatherer, type Table } from "./examples.ts";

/**
 * A table in two, rows drawn at random: the rest, and a share of the rows (at least one).
 *
 * Throws ArgumentError unless the share lies between 0 and 1 and leaves rows to train on.
 */
export function splitTable(table: Table, share: number, generator: Random): [Table, Table] {
  const count = Math.max(1, Math.round(table.count * share));
  if (!(share > 0 && share < 1) || count >= table.count) {
    throw new ArgumentError(
      `fit: validation must be a share between 0 and 1 that leaves examples to train on, got ${describe(share)} of ${table.count}`,
    );
  }
  const order = generator.shuffle(Int32Array.from({ length: table.count }, (_, i) => i));
  const part = (start: number, end: number): Table => ({
    count: end - start,
    tensors: new Gatherer(table).rows(order.slice(start, end).sort(), 0, end - start),
  });
  return [part(0, table.count - count), part(table.count - count, table.count)];
}
