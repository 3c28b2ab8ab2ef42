import type { PageId } from "./pages.ts";

/** A neuron, input or bias of the drawing. */
export interface Unit {
  readonly id: string;
  readonly kind: "input" | "bias" | "neuron" | "error";
  readonly x: number;
  readonly y: number;
  /** Names of what stands in it: its sum and its output, or its number. */
  readonly shows: readonly string[];
}

/** A connection with its weight; biases have no name of their own there. */
export interface Wire {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** How far along the connection its number stands. */
  readonly share: number;
}

/** Size of the drawing, in its own units. */
export const WIDTH = 640;
export const HEIGHT = 392;

const [FIRST, SECOND] = [126, 322];

/** Inputs on the left, errors on the right, biases above. */
export const units: readonly Unit[] = [
  { id: "i1", kind: "input", x: 40, y: FIRST, shows: ["i1"] },
  { id: "i2", kind: "input", x: 40, y: SECOND, shows: ["i2"] },
  { id: "b1", kind: "bias", x: 130, y: 30, shows: ["b1"] },
  { id: "h1", kind: "neuron", x: 222, y: FIRST, shows: ["sum_h1", "out_h1"] },
  { id: "h2", kind: "neuron", x: 222, y: SECOND, shows: ["sum_h2", "out_h2"] },
  { id: "b2", kind: "bias", x: 322, y: 30, shows: ["b2"] },
  { id: "o1", kind: "neuron", x: 414, y: FIRST, shows: ["sum_o1", "out_o1"] },
  { id: "o2", kind: "neuron", x: 414, y: SECOND, shows: ["sum_o2", "out_o2"] },
  { id: "E1", kind: "error", x: 580, y: FIRST, shows: ["target_1", "E1"] },
  { id: "E2", kind: "error", x: 580, y: SECOND, shows: ["target_2", "E2"] },
];

/** The eight weights, the biases' wires, and the way to the errors. */
export const wires: readonly Wire[] = [
  { id: "w1", from: "i1", to: "h1", share: 0.5 },
  { id: "w2", from: "i1", to: "h2", share: 0.36 },
  { id: "w3", from: "i2", to: "h1", share: 0.36 },
  { id: "w4", from: "i2", to: "h2", share: 0.5 },
  { id: "b1-h1", from: "b1", to: "h1", share: 0 },
  { id: "b1-h2", from: "b1", to: "h2", share: 0 },
  { id: "w5", from: "h1", to: "o1", share: 0.5 },
  { id: "w6", from: "h2", to: "o1", share: 0.36 },
  { id: "w7", from: "h1", to: "o2", share: 0.36 },
  { id: "w8", from: "h2", to: "o2", share: 0.5 },
  { id: "b2-o1", from: "b2", to: "o1", share: 0 },
  { id: "b2-o2", from: "b2", to: "o2", share: 0 },
  { id: "E1", from: "o1", to: "E1", share: 0 },
  { id: "E2", from: "o2", to: "E2", share: 0 },
];

/** What a page is about: wires and units drawn strongly. */
export function strong(page: PageId): ReadonlySet<string> {
  return new Set(marks[page]);
}

const marks: Readonly<Record<PageId, readonly string[]>> = {
  network: [],
  hidden: ["i1", "i2", "b1", "w1", "w2", "w3", "w4", "b1-h1", "b1-h2", "h1", "h2"],
  outputs: ["h1", "h2", "b2", "w5", "w6", "w7", "w8", "b2-o1", "b2-o2", "o1", "o2"],
  error: ["o1", "o2", "E1", "E2"],
  w5: ["w5", "h1", "o1", "E1"],
  w6: ["w6", "h2", "o1", "E1"],
  w7: ["w7", "h1", "o2", "E2"],
  w8: ["w8", "h2", "o2", "E2"],
  w1: ["w1", "i1", "h1", "w5", "w7", "o1", "o2", "E1", "E2"],
  w2: ["w2", "i1", "h2", "w6", "w8", "o1", "o2", "E1", "E2"],
  w3: ["w3", "i2", "h1", "w5", "w7", "o1", "o2", "E1", "E2"],
  w4: ["w4", "i2", "h2", "w6", "w8", "o1", "o2", "E1", "E2"],
  update: ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"],
  after: [],
};
