import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../../design/index.ts";
import { endFirstVisit, firstVisit, rememberVisit } from "../../state/firstVisit.ts";
import type { ChainRuleState } from "./chainRuleState.ts";
import { type FirstStep, firstSteps, isElsewhere } from "./firstSteps.ts";
import "./firstSteps.css";

/** What to do first, on a first visit; each step is ticked off when it is done. */
export function FirstSteps(props: { readonly state: Signal<ChainRuleState> }): JSX.Element | null {
  const state = props.state.value;
  const done = useSignal<ReadonlySet<FirstStep>>(new Set());
  useEffect(() => {
    if (!firstVisit.peek()) return;
    if (isElsewhere(state)) endFirstVisit();
    const met = firstSteps.filter((step) => done.value.has(step) || step.isDone(state));
    if (met.length > done.value.size) done.value = new Set(met);
    if (met.length === firstSteps.length) rememberVisit();
  }, [state]);
  if (!firstVisit.value) return null;
  const all = done.value.size === firstSteps.length;
  return (
    <div class="first-steps">
      {all ? undefined : (
        <ol aria-label="First steps">
          {firstSteps.map((step) => (
            <li key={step.place} class={done.value.has(step) ? "done" : ""}>
              <button type="button" onClick={() => pointAt(step.place)}>
                {step.deed}
              </button>{" "}
              {step.seen}
              {done.value.has(step) ? <span class="hidden-text"> (done)</span> : undefined}
            </li>
          ))}
        </ol>
      )}
      <p role="status">
        {all
          ? "That is the chain rule. Now type an expression of your own, or choose an example."
          : ""}
      </p>
      <Button kind="quiet" label="Close the first steps" onClick={endFirstVisit}>
        ✕
      </Button>
    </div>
  );
}

/** Goes to what a step is done with, and lets it shine up. */
function pointAt(place: string): void {
  const found = document.querySelector<HTMLElement>(place);
  if (found === null) return;
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  found.animate({ boxShadow: ["0 0 0 0.75rem var(--mark)", "0 0 0 0 var(--mark)"] }, 1200);
}
