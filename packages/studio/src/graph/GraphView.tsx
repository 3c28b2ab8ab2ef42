import type { Program } from "@chainrule/core";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { GraphDrawing } from "./GraphDrawing.tsx";
import type { GraphMarks } from "./marks.ts";
import type { PlainOptions } from "./plainPicture.ts";
import { usePicture } from "./usePicture.ts";

/** What a graph takes. */
export interface GraphViewProps {
  readonly program: Program;
  /** Numbers of the inputs; without them only formulas and symbols are drawn. */
  readonly values?: Readonly<Record<string, number>> | undefined;
  readonly options?: Pick<PlainOptions, "direction" | "detail" | "fold" | "digits"> | undefined;
  readonly marks?: GraphMarks | undefined;
  /** Told when a box is chosen by click, Enter or Space. */
  readonly onSelect?: ((id: string) => void) | undefined;
  /** Told when the first drawing is in sight, or why there is none. */
  readonly onDrawn?: (() => void) | undefined;
  /** Told what the eye or the keyboard is on; undefined when it has left. */
  readonly onPoint?: ((id: string | undefined) => void) | undefined;
  /** Told which arrow the pointer is on, by the names of its ends; undefined when it has left. */
  readonly onEdge?: ((from: string | undefined, to: string | undefined) => void) | undefined;
}

/** A graph with values, adjoints and local derivatives, laid out aside. */
export function GraphView(props: GraphViewProps): JSX.Element {
  const { program, values, options, onDrawn, ...rest } = props;
  const [unfold, setUnfold] = useState<readonly string[]>([]);
  const { picture, problem } = usePicture(program, values, options, unfold);
  const drawn = picture !== undefined || problem !== undefined;
  useEffect(() => {
    if (drawn) onDrawn?.();
  }, [drawn]);
  if (problem !== undefined) return <p class="note">{problem}</p>;
  if (picture === undefined) return <div class="graph-coming" aria-busy="true" />;
  return <GraphDrawing picture={picture} unfold={unfold} onUnfold={setUnfold} {...rest} />;
}
