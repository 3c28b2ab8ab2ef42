import type { Program } from "@chainrule/core";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Drawn, drawer } from "./drawer.ts";
import type { PlainOptions, PlainPicture } from "./plainPicture.ts";

/** A drawing as far as it has come. */
export interface Shown {
  readonly picture: PlainPicture | undefined;
  readonly problem: string | undefined;
}

/** The picture of a graph, drawn aside; the one before stays until it has come. */
export function usePicture(
  program: Program,
  values: Readonly<Record<string, number>> | undefined,
  options: PlainOptions | undefined,
  unfold: readonly string[],
): Shown {
  const [shown, setShown] = useState<Shown>({ picture: undefined, problem: undefined });
  // Its worker starts while the page is still busy with the rest.
  const [own] = useState(drawer);
  const last = useRef<{ program: Program; positions: PlainPicture["positions"] }>(undefined);
  useEffect(() => own.dispose, [own]);
  const key = useMemo(() => JSON.stringify([values, options, unfold]), [values, options, unfold]);
  useLayoutEffect(() => {
    // While only numbers change, boxes stay where they are.
    const positions = last.current?.program === program && last.current.positions;
    const all = { ...options, unfold, ...(positions ? { positions } : {}) };
    const then = (drawn: Drawn): void => {
      if ("problem" in drawn) setShown(({ picture }) => ({ picture, problem: drawn.problem }));
      else {
        last.current = { program, positions: drawn.picture.positions };
        setShown({ picture: drawn.picture, problem: undefined });
      }
    };
    own.draw({ program, values, options: all }, then);
  }, [program, key]);
  return shown;
}
