/** A circle; `dots` are the places of neurons that are left out. */
export interface Circle {
  readonly kind: "input" | "neuron" | "output" | "dots";
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A connection; its sign shows as colour and dash, its size as width. */
export interface Line {
  readonly kind: "plain" | "positive" | "negative" | "arrow";
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly width: number;
}

/** Words around a place, the same for both formats. */
export interface Words {
  readonly text: string;
  readonly latex: string;
  readonly x: number;
  /** Middle of the line of text. */
  readonly y: number;
  readonly size: number;
  /** `label` is written over lines, and keeps them off. */
  readonly kind: "ink" | "faint" | "label";
}

/** Everything a network's drawing shows, before any format. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly circles: readonly Circle[];
  readonly lines: readonly Line[];
  readonly words: readonly Words[];
}
