import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Announcer, Panel, Toggle } from "../../design/index.ts";
import { GraphView } from "../../graph/GraphView.tsx";
import type { ChainRuleState } from "./chainRuleState.ts";
import { quizMarks, walkMarks } from "./graphMarks.ts";
import { type Lesson, positionOf } from "./lesson.ts";
import type { Lit, LitEdge } from "./lit.ts";
import { pathTable } from "./pathTable.ts";
import { questionAt } from "./quiz/questions.ts";
import { StepCard } from "./StepCard.tsx";
import { Stepper } from "./Stepper.tsx";
import { stepSentence } from "./stepWords.ts";

/** What the panel takes. */
export interface GraphPanelProps {
  readonly lesson: Lesson;
  readonly state: ChainRuleState;
  /** The state as it is when a key or a button comes, maybe before the panel was drawn again. */
  readonly latest: () => ChainRuleState;
  readonly by: string | undefined;
  readonly lit: Lit;
  readonly onChange: (part: Partial<ChainRuleState>) => void;
  /** Told when the graph is in sight. */
  readonly onDrawn: () => void;
}

/** The graph, and the walk through it step by step; while the quiz asks, it shows what comes before the answer. */
export function GraphPanel(props: GraphPanelProps): JSX.Element {
  const { lesson, state, latest, by, lit, onChange, onDrawn } = props;
  const position = positionOf(lesson, state.step);
  const step = lesson.steps[position];
  const asked = state.panel === "quiz" ? questionAt(lesson, state.question) : undefined;
  const coloured = state.panel === "paths" && state.way === "paths";
  const table = useMemo(
    () => (coloured && by !== undefined ? pathTable(lesson, by) : undefined),
    [coloured, lesson, by],
  );
  const pointed = lit.value ?? NOTHING;
  const marks = useMemo(
    () =>
      asked === undefined
        ? walkMarks(lesson, position, pointed, table)
        : quizMarks(lesson, asked, pointed),
    [lesson, position, pointed, table, asked?.of, asked?.by],
  );
  const last = lesson.steps.length - 1;
  return (
    <Panel
      title="Graph"
      class="graph-panel"
      actions={
        <Toggle
          label="Every operation"
          on={state.detail === "operations"}
          onChange={(on) => onChange({ detail: on ? "operations" : "names", step: undefined })}
        />
      }
    >
      <GraphView
        program={lesson.program}
        values={lesson.values}
        options={DRAWN}
        marks={marks}
        onDrawn={onDrawn}
        onEdge={(from, to) => {
          lit.value = from === undefined || to === undefined ? undefined : [{ of: to, by: from }];
        }}
      />
      {asked === undefined && step !== undefined ? (
        <>
          <Stepper
            position={position}
            count={lesson.steps.length}
            forward={1 + lesson.walk.forward.length}
            onStep={(move) => {
              const to = Math.min(last, Math.max(0, move(positionOf(lesson, latest().step))));
              onChange({ step: to === last ? undefined : to });
            }}
          />
          <StepCard lesson={lesson} step={step} lit={lit} />
          <Announcer text={stepSentence(lesson, position)} />
        </>
      ) : (
        <p class="quiet-text">The derivatives from here on are hidden until the quiz is left.</p>
      )}
    </Panel>
  );
}

const NOTHING: readonly LitEdge[] = [];

/** Every step of the walk is a box: each has a name. */
const DRAWN = { detail: "definitions" } as const;
