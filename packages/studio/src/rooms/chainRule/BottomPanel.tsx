import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Panel, Select, Tabs } from "../../design/index.ts";
import type { ChainRuleState, PanelId } from "./chainRuleState.ts";
import { DerivationPanel } from "./DerivationPanel.tsx";
import { chosenInput, type Lesson } from "./lesson.ts";
import type { Lit } from "./lit.ts";
import { NudgePanel } from "./NudgePanel.tsx";
import { PathsPanel } from "./PathsPanel.tsx";
import type { QuizPanel, QuizProps } from "./quiz/QuizPanel.tsx";
import { useLater } from "./useLater.ts";

const titles: readonly (readonly [PanelId, string])[] = [
  ["derivation", "Derivation"],
  ["paths", "Paths"],
  ["nudge", "Nudge"],
  ["quiz", "Quiz"],
];

/** What the panel takes. */
export interface BottomPanelProps {
  readonly lesson: Lesson;
  readonly state: ChainRuleState;
  readonly lit: Lit;
  readonly onChange: (part: Partial<ChainRuleState>) => void;
}

/** What can be asked of the graph: its derivation, its paths, a nudge, a quiz. */
export function BottomPanel({ lesson, state, lit, onChange }: BottomPanelProps): JSX.Element {
  const { panel, wrt } = state;
  const by = chosenInput(lesson, wrt);
  // The graph is asked for first.
  const later = useLater(lesson);
  const body = useMemo(
    () =>
      later === undefined ? undefined : (
        <Body lesson={later} state={state} lit={lit} onChange={onChange} />
      ),
    [later, state, lit, onChange],
  );
  const output = lesson.worked.output.name;
  return (
    <Panel
      title="One derivative"
      actions={
        by === undefined || panel === "quiz" ? undefined : (
          <Select
            label="Derivative"
            value={by}
            options={lesson.inputs.map((name) => [name, `∂${output}/∂${name}`] as const)}
            onChange={(wrt) => onChange({ wrt })}
          />
        )
      }
    >
      <Tabs
        label="Ways to look at a derivative"
        value={panel}
        tabs={titles}
        onChange={(id) => onChange({ panel: id })}
      >
        {body}
      </Tabs>
    </Panel>
  );
}

function Body({ lesson, state, lit, onChange }: BottomPanelProps): JSX.Element {
  const by = chosenInput(lesson, state.wrt);
  if (state.panel === "quiz") {
    const onQuestion = (question: number): void => onChange({ question });
    return <Quiz lesson={lesson} question={state.question} onQuestion={onQuestion} />;
  }
  if (by === undefined) return <p class="quiet-text">There is nothing to differentiate by.</p>;
  const shared = { lesson, by, lit };
  switch (state.panel) {
    case "derivation":
      return <DerivationPanel {...shared} />;
    case "paths":
      return <PathsPanel {...shared} way={state.way} onWay={(way) => onChange({ way })} />;
    case "nudge":
      return (
        <NudgePanel {...shared} delta={state.delta} onDelta={(delta) => onChange({ delta })} />
      );
  }
}

let quiz: typeof QuizPanel | undefined;

/** The quiz: what judges answers comes when it is first asked for. */
function Quiz(props: QuizProps): JSX.Element | null {
  const [, setReady] = useState(quiz !== undefined);
  useEffect(() => {
    void import("./quiz/QuizPanel.tsx").then((module) => {
      quiz = module.QuizPanel;
      setReady(true);
    });
  }, []);
  const Come = quiz;
  return Come === undefined ? null : <Come {...props} />;
}
