import { EvaluationError } from "@chainrule/core";
import type { Layout } from "../plan/layout.ts";
import { lengthOf } from "../plan/size.ts";

/** Bytes that 32-bit addresses reach: no memory of a module is larger. */
export const MOST_BYTES: number = 2 ** 32;

/** Buffers that the message names. */
const NAMED = 3;

/** Says how much memory a plan wants, and what for. */
export function outOfMemory(
  layout: Layout,
  bytes: number,
  sizes: ReadonlyMap<string, number>,
): EvaluationError {
  const names = bufferNames(layout);
  const lengths = layout.buffers.flatMap(({ bytes: size }, i) => {
    const isKnown = size.names.every((name) => sizes.has(name));
    return isKnown ? [{ name: names.get(i) ?? `value ${i}`, length: lengthOf(size, sizes) }] : [];
  });
  const largest = lengths.sort((a, b) => b.length - a.length).slice(0, NAMED);
  const list = largest.map(({ name, length }) => `${name} ${length}`).join(", ");
  const room =
    bytes > MOST_BYTES
      ? `the ${MOST_BYTES} bytes that WebAssembly can address`
      : "the memory that the host gives";
  return new EvaluationError(
    `compile: the plan must fit into ${room}, got ${bytes} bytes (largest: ${list})`,
  );
}

/** Names of the buffers that have one. */
export function bufferNames({ inputs, outputs }: Layout): ReadonlyMap<number, string> {
  return new Map([...outputs, ...inputs].map(({ buffer, name }) => [buffer, name]));
}
