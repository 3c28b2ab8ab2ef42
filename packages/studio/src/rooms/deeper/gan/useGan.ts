import { useEffect, useRef, useState } from "preact/hooks";
import type { GanView } from "./ganGame.ts";
import type { GanAnswer, GanOrder } from "./ganMessages.ts";
import GanWorker from "./ganWorker.ts?worker";

/** A game as the page sees it. */
export interface GanPlay {
  /** Points to be imitated, x and y in turn; none until the worker has begun. */
  readonly real: readonly number[];
  readonly view: GanView | undefined;
  readonly playing: boolean;
  readonly error: string | undefined;
  readonly play: () => void;
  readonly pause: () => void;
  /** Plays some steps and rests. */
  readonly advance: (steps: number) => void;
  /** The same seed from the beginning. */
  readonly restart: () => void;
}

/** Steps between two pictures: a picture each time where one looks on, many where it is to be done. */
const STEPS = { slow: 2, fast: 25 } as const;

/** A game that a worker plays, from one picture to the next; it ends with the part that shows it. */
export function useGan(seed: number, pace: keyof typeof STEPS): GanPlay {
  const worker = useRef<Worker | undefined>(undefined);
  const [real, setReal] = useState<readonly number[]>([]);
  const [view, setView] = useState<GanView | undefined>(undefined);
  const [error, setError] = useState<string | undefined>(undefined);
  const [playing, setPlaying] = useState(false);
  const [games, setGames] = useState(0);
  const going = useRef(false);
  const speed = useRef(pace);
  const busy = useRef(false);
  speed.current = pace;
  const order = (what: GanOrder): void => {
    busy.current = true;
    worker.current?.postMessage(what);
  };
  const go = (on: boolean): void => {
    going.current = on;
    setPlaying(on);
    if (on && !busy.current) order({ kind: "play", steps: STEPS[speed.current] });
  };
  useEffect(() => {
    const own = new GanWorker();
    worker.current = own;
    setView(undefined);
    setError(undefined);
    own.addEventListener("message", ({ data }: MessageEvent<GanAnswer>) => {
      busy.current = false;
      if (data.kind === "error") {
        go(false);
        setError(data.message);
        return;
      }
      if (data.kind === "begun") setReal(data.real);
      setView(data.view);
      // The next picture is worked on while this one is drawn.
      if (going.current) requestAnimationFrame(() => going.current && !busy.current && go(true));
    });
    own.addEventListener("error", ({ message }) => {
      go(false);
      setError(message || "the worker that plays the game cannot start in this page");
    });
    order({ kind: "begin", seed });
    return () => {
      going.current = false;
      setPlaying(false);
      own.terminate();
    };
  }, [seed, games]);
  return {
    real,
    view,
    playing,
    error,
    play: () => go(true),
    pause: () => go(false),
    advance: (steps) => {
      if (!busy.current) order({ kind: "play", steps });
    },
    restart: () => setGames(games + 1),
  };
}
