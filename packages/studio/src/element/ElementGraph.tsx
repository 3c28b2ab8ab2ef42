import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Announcer } from "../design/Announcer.tsx";
import { GraphView } from "../graph/GraphView.tsx";
import { DerivationPanel } from "../rooms/chainRule/DerivationPanel.tsx";
import { walkMarks } from "../rooms/chainRule/graphMarks.ts";
import { inputValues } from "../rooms/chainRule/inputValues.ts";
import { chosenInput, lessonOf, positionOf } from "../rooms/chainRule/lesson.ts";
import type { LitEdge } from "../rooms/chainRule/lit.ts";
import { pathTable } from "../rooms/chainRule/pathTable.ts";
import { StepCard } from "../rooms/chainRule/StepCard.tsx";
import { Stepper } from "../rooms/chainRule/Stepper.tsx";
import { stepSentence } from "../rooms/chainRule/stepWords.ts";
import { Variables } from "../rooms/chainRule/Variables.tsx";
import type { ChainRuleChange } from "./ChainRuleElement.ts";
import type { Settings } from "./settings.ts";
import { useOwn } from "./useOwn.ts";
import { Wrong } from "./Wrong.tsx";

/** What the graph of an element takes. */
export interface ElementGraphProps {
  readonly settings: Settings;
  readonly keys: EventTarget;
  readonly onChange: (change: ChainRuleChange) => void;
}

/** The graph with its variables and its walk; what the reader moves stands until the attribute changes. */
export function ElementGraph({ settings, keys, onChange }: ElementGraphProps): JSX.Element {
  const { reading, view } = settings;
  const [chosen, setChosen] = useOwn(settings.values);
  const [wanted, setWanted] = useOwn(settings.step);
  const [wrt, setWrt] = useOwn(settings.wrt);
  const lit = useSignal<readonly LitEdge[] | undefined>(undefined);
  const values = useMemo(() => inputValues(reading, chosen), [reading, chosen]);
  const read = useMemo(() => lessonOf(reading, values, "names"), [reading, values]);
  const lesson = "lesson" in read ? read.lesson : undefined;
  const position = lesson && positionOf(lesson, wanted === "last" ? undefined : wanted - 1);
  const by = lesson && chosenInput(lesson, wrt ?? "");
  const named = wrt === undefined ? undefined : by;
  const pointed = lit.value ?? NOTHING;
  const marks = useMemo(() => {
    if (lesson === undefined || position === undefined) return undefined;
    // Paths are coloured once everything is in sight.
    const whole = named !== undefined && position === lesson.steps.length - 1;
    return walkMarks(lesson, position, pointed, whole ? pathTable(lesson, named) : undefined);
  }, [lesson, position, named, pointed]);
  const moved = useRef(false);
  const tell = position !== undefined && { step: position + 1, values, wrt: by };
  useEffect(() => {
    if (moved.current && tell) onChange(tell);
    moved.current = true;
  }, [position, values, by]);
  if ("problem" in read) return <Wrong message={`expr: ${read.problem}`} />;
  const { lesson: at } = read;
  const count = at.steps.length;
  if (wanted !== "last" && wanted > count) {
    return <Wrong message={`step: must be at most ${count} here, got ${wanted}`} />;
  }
  const here = position ?? count - 1;
  const step = at.steps[here];
  return (
    <>
      {view.includes("values") ? (
        <Variables
          reading={reading}
          values={values}
          lesson={at}
          by={named}
          secret={here < count - 1}
          onValue={(name, value) => setChosen({ ...values, [name]: value })}
          onBy={(name) => setWrt(name === wrt ? undefined : name)}
        />
      ) : undefined}
      {view.includes("graph") ? (
        <GraphView
          program={at.program}
          values={values}
          options={DRAWN}
          marks={marks}
          onEdge={(from, to) => {
            lit.value = from === undefined || to === undefined ? undefined : [{ of: to, by: from }];
          }}
        />
      ) : undefined}
      {view.includes("steps") && step !== undefined ? (
        <>
          <Stepper
            position={here}
            count={count}
            forward={1 + at.walk.forward.length}
            keys={keys}
            onStep={(move) =>
              setWanted((before) => {
                const from = before === "last" ? count - 1 : before - 1;
                const to = Math.min(count - 1, Math.max(0, move(from)));
                return to === count - 1 ? "last" : to + 1;
              })
            }
          />
          <StepCard lesson={at} step={step} lit={lit} />
          <Announcer text={stepSentence(at, here)} />
        </>
      ) : undefined}
      {view.includes("derivation") && by !== undefined ? (
        <DerivationPanel lesson={at} by={by} lit={lit} />
      ) : undefined}
    </>
  );
}

const NOTHING: readonly LitEdge[] = [];

/** Every step of the walk is a box: each has a name. */
const DRAWN = { detail: "definitions" } as const;
