import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { Formula, Panel } from "../../design/index.ts";
import type { ChainRuleState } from "./room.ts";

/** The room's page. */
export function View({ state }: { readonly state: Signal<ChainRuleState> }): JSX.Element {
  return (
    <Panel title="Expression">
      <p>{state.value.text}</p>
      <Formula
        display
        latex="\frac{\partial L}{\partial b} = \frac{\partial L}{\partial e}\cdot\frac{\partial e}{\partial d}\cdot\frac{\partial d}{\partial b} = c \cdot 1 \cdot 2 = -4"
      />
    </Panel>
  );
}
