import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button, Select, Slider } from "../../design/index.ts";
import { StepIcon } from "./StepIcon.tsx";
import { mayWalk, stepTo } from "./stepKeys.ts";

/** What the stepper takes. */
export interface StepperProps {
  readonly position: number;
  readonly count: number;
  /** How many of the positions are before the way back. */
  readonly forward: number;
  /** Told where to go from wherever the walk is by then. */
  readonly onStep: (move: (position: number) => number) => void;
  /** Where keys are heard; the whole page unless given. */
  readonly keys?: EventTarget | undefined;
}

/** Seconds a step, by the word for it. */
const SPEEDS = [
  ["slow", "slow"],
  ["medium", "medium"],
  ["fast", "fast"],
] as const;
type Speed = (typeof SPEEDS)[number][0];
const MILLISECONDS: Readonly<Record<Speed, number>> = { slow: 3000, medium: 1500, fast: 600 };

/** Goes through the walk: by buttons, by a slider, by ← → Home End, or by itself. */
export function Stepper(props: StepperProps): JSX.Element {
  const { position, count, forward, onStep, keys = globalThis } = props;
  const playing = useSignal(false);
  const speed = useSignal<Speed>("medium");
  const last = count - 1;
  const latest = useRef(onStep);
  latest.current = onStep;
  const go = (move: (at: number) => number): void => {
    playing.value = false;
    latest.current(move);
  };
  useEffect(() => {
    const walk = (event: Event): void => {
      if (!(event instanceof KeyboardEvent) || !mayWalk(event)) return;
      if (stepTo(event.key, 0, count) === undefined) return;
      event.preventDefault();
      // An element in a page of slides turns none of them.
      event.stopPropagation();
      go((at) => stepTo(event.key, at, count) ?? at);
    };
    keys.addEventListener("keydown", walk);
    return () => keys.removeEventListener("keydown", walk);
  }, [count, keys]);
  useEffect(() => {
    if (!playing.value) return;
    if (position >= last) {
      playing.value = false;
      return;
    }
    const timer = setTimeout(() => latest.current((at) => at + 1), MILLISECONDS[speed.value]);
    return () => clearTimeout(timer);
  }, [playing.value, speed.value, position, last]);
  const play = (): void => {
    if (!playing.value && position >= last) onStep(() => 0);
    playing.value = !playing.value;
  };
  return (
    <div class="stepper">
      <div class="row">
        <Button label="To the beginning (Home)" idle={position === 0} onClick={() => go(() => 0)}>
          <StepIcon name="first" />
        </Button>
        <Button label="One step back (←)" idle={position === 0} onClick={() => go((at) => at - 1)}>
          <StepIcon name="back" />
        </Button>
        <Button kind="primary" label={playing.value ? "Pause" : "Play"} onClick={play}>
          <StepIcon name={playing.value ? "pause" : "play"} />
        </Button>
        <Button label="One step on (→)" idle={position === last} onClick={() => go((at) => at + 1)}>
          <StepIcon name="on" />
        </Button>
        <Button label="To the end (End)" idle={position === last} onClick={() => go(() => last)}>
          <StepIcon name="last" />
        </Button>
      </div>
      <div class="track">
        <span class="place">
          Step <b>{position + 1}</b> of {count}
        </span>
        <Slider
          bare
          label="Step"
          value={position}
          min={0}
          max={last}
          step={1}
          shown={`${position + 1} of ${count}, ${directionAt(position, forward)}`}
          onChange={(to) => go(() => to)}
        />
      </div>
      <Select
        label="Speed"
        value={speed.value}
        options={SPEEDS}
        onChange={(value) => {
          speed.value = value;
        }}
      />
    </div>
  );
}

/** What happens at a position. */
export function directionAt(position: number, forward: number): "inputs" | "forward" | "backward" {
  if (position === 0) return "inputs";
  return position < forward ? "forward" : "backward";
}
