import {
  type Expr,
  exp,
  grad,
  log,
  pick,
  sigmoid,
  slice,
  sum,
  tanh,
  variable,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, itemsOf, numbersOf } from "../json.ts";

/** The inputs. Shapes: main [2 layers, 4 b], extra [3, b], state [2 layers, b], sequence [c, b]. */
export interface Recurrent {
  readonly main: Expr;
  readonly extra: Expr;
  readonly state: Expr;
  readonly sequence: Expr;
}

/** Mean loss of an LSTM with diagonal weights that predicts each row from those before it. Source: ADBench. */
export function sequenceLoss(
  { main, extra, state, sequence }: Recurrent,
  layers: number,
  b: number,
  c: number,
): Expr {
  const gates = Array.from({ length: 2 * layers }, (_, row) =>
    [0, 1, 2, 3].map((gate) => slice(pick(main, 0, row), 0, gate * b, (gate + 1) * b)),
  );
  const [inWeight, outWeight, outBias] = [0, 1, 2].map((row) => pick(extra, 0, row)) as [
    Expr,
    Expr,
    Expr,
  ];
  const start = Array.from({ length: 2 * layers }, (_, row) => pick(state, 0, row));
  const step = (carry: readonly Expr[], [now, next]: readonly [Expr, Expr]): [Expr[], Expr] => {
    let x = now.mul(inWeight);
    const states: Expr[] = [];
    for (let i = 0; i < layers; i++) {
      const [hidden, cell] = [carry[2 * i] as Expr, carry[2 * i + 1] as Expr];
      const gate = (which: number, from: Expr): Expr =>
        from.mul(gates[2 * i]?.[which] as Expr).add(gates[2 * i + 1]?.[which] as Expr);
      const kept = cell.mul(sigmoid(gate(0, x)));
      const cellNext = kept.add(sigmoid(gate(1, hidden)).mul(tanh(gate(3, hidden))));
      x = sigmoid(gate(2, x)).mul(tanh(cellNext));
      states.push(x, cellNext);
    }
    const predicted = x.mul(outWeight).add(outBias);
    const norm = log(sum(exp(predicted)).add(2));
    return [states, sum(next.mul(predicted.sub(norm)))];
  };
  const rows = [slice(sequence, 0, 0, c - 1), slice(sequence, 0, 1, c)] as const;
  const [, scores] = scan(step as never, start, rows) as unknown as [unknown, Expr];
  return sum(scores).div(-b * (c - 1));
}

const make =
  (which: "objective" | "jacobian"): EvalFunction =>
  (input, clock) => {
    const fields = fieldsOf("lstm", input);
    const rows = (name: string) => itemsOf(`lstm: ${name}`, fields[name]).length;
    const [layers, c] = [rows("main_params") / 2, rows("sequence")];
    const main = numbersOf("lstm", fields["main_params"]);
    const b = main.length / (8 * layers);
    const f = executable(
      `lstm ${which} ${layers} ${b} ${c}`,
      clock,
      () => {
        const inputs = {
          main: variable("main", [2 * layers, 4 * b]),
          extra: variable("extra", [3, b]),
          state: variable("state", [2 * layers, b]),
          sequence: variable("sequence", [c, b]),
        };
        const y = sequenceLoss(inputs, layers, b, c);
        if (which === "objective") return { inputs, outputs: { y } };
        const [dMain, dExtra] = grad(y, [inputs.main, inputs.extra]);
        return { inputs, outputs: { dMain, dExtra } };
      },
      { as: "tensors" },
    );
    const extra = numbersOf("lstm", fields["extra_params"]);
    const state = numbersOf("lstm", fields["state"]);
    const sequence = numbersOf("lstm", fields["sequence"]);
    clock.time("prepare", () => f.set({ main, extra, state, sequence }));
    const output = () =>
      which === "objective" ? f.get("y") : [...f.view("dMain"), ...f.view("dExtra")];
    return { run: f.run, output };
  };

/** A recurrent network on a text. */
export const lstm: EvalModule = { objective: make("objective"), jacobian: make("jacobian") };
