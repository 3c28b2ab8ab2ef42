import type { JSX } from "preact";
import { Panel } from "../../design/index.ts";
import { Variables, type VariablesProps } from "./Variables.tsx";

/** The variables of an expression, to be moved and differentiated by. */
export function VariablesPanel(props: VariablesProps): JSX.Element {
  return (
    <Panel title="Variables">
      <Variables {...props} />
    </Panel>
  );
}
