import { StateReader } from "../../../state/StateReader.ts";
import { kernels, type Pooling } from "./featureMap.ts";
import { SIZE } from "./readerModel.ts";
import { type Drawing, exampleDigit, readDrawing } from "./strokes.ts";

/** What the part on convolution shows. */
export interface ConvolutionState {
  readonly drawing: Drawing;
  /** Pixels the drawing is moved to the right. */
  readonly shift: number;
  /** Nine elements of the kernel, row by row. */
  readonly kernel: readonly number[];
  readonly pooling: Pooling;
  /** The place of the map that is worked out. */
  readonly row: number;
  readonly column: number;
}

/** What views of this part take. */
export interface ConvolutionProps {
  readonly state: ConvolutionState;
  readonly onChange: (part: Partial<ConvolutionState>) => void;
}

/** A kernel of larger elements makes everything one colour. */
export const LARGEST_ELEMENT = 100;
/** Beyond, a digit leaves the image. */
export const FARTHEST = 3;

/** A three, and a kernel that finds upright edges. */
export const convolutionInitial: ConvolutionState = {
  drawing: exampleDigit(3),
  shift: 0,
  kernel: (kernels["vertical"]?.rows ?? []).flat(),
  pooling: "max",
  row: 4,
  column: 9,
};

/** Reads this part of a permalink; what is wrong goes to `notes`. */
export function readConvolution(json: unknown, notes: string[]): ConvolutionState {
  const reader = new StateReader(json);
  const initial = convolutionInitial;
  const state: ConvolutionState = {
    drawing: reader.part("drawing", initial.drawing, "must be strokes in a box", readDrawing),
    shift: reader.whole("shift", initial.shift, -FARTHEST, FARTHEST),
    kernel: reader.numbers("kernel", initial.kernel, -LARGEST_ELEMENT, LARGEST_ELEMENT),
    pooling: reader.choice("pooling", initial.pooling, ["max", "average"]),
    row: reader.whole("row", initial.row, 0, SIZE - 1),
    column: reader.whole("column", initial.column, 0, SIZE - 1),
  };
  notes.push(...reader.notes);
  return state;
}
