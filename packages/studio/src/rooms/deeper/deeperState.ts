import { StateReader } from "../../state/StateReader.ts";
import type { ReadState } from "../room.ts";
import {
  type AttentionState,
  attentionInitial,
  readAttention,
} from "./attention/attentionState.ts";
import {
  type ConvolutionState,
  convolutionInitial,
  readConvolution,
} from "./convolution/convolutionState.ts";
import { type GanState, ganInitial, readGan } from "./gan/ganState.ts";
import {
  type RecurrentState,
  readRecurrent,
  recurrentInitial,
} from "./recurrent/recurrentState.ts";

/** Parts of the room, in the lecture's order. */
export const partIds = ["convolution", "recurrent", "attention", "gan"] as const;
/** A part by its name. */
export type PartId = (typeof partIds)[number];

/** All that the room shows. */
export interface DeeperState {
  readonly part: PartId;
  readonly convolution: ConvolutionState;
  readonly recurrent: RecurrentState;
  readonly attention: AttentionState;
  readonly gan: GanState;
}

/** The room as it begins. */
export const initial: DeeperState = {
  part: "convolution",
  convolution: convolutionInitial,
  recurrent: recurrentInitial,
  attention: attentionInitial,
  gan: ganInitial,
};

/** The state of a permalink. */
export function readDeeper(json: unknown): ReadState<DeeperState> {
  const reader = new StateReader(json);
  const inner = (key: string): unknown =>
    reader.part<unknown>(key, undefined, "", (found) => found);
  const notes: string[] = [];
  const state: DeeperState = {
    part: reader.choice("part", initial.part, partIds),
    convolution: readConvolution(inner("convolution"), notes),
    recurrent: readRecurrent(inner("recurrent"), notes),
    attention: readAttention(inner("attention"), notes),
    gan: readGan(inner("gan"), notes),
  };
  return { state, notes: [...reader.notes, ...notes] };
}
