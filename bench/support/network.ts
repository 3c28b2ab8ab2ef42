import { add, type Expr, mul, type Scalar, scalar, tanh } from "@chainrule/core";

/** A network as scalar nodes. */
export interface Network {
  readonly output: Expr;
  readonly parameters: Scalar[];
  readonly inputs: readonly Scalar[];
}

/** The scalar 2-H-H-1 tanh network. */
export function network(hidden: number): Network {
  const parameters: Scalar[] = [];
  const next = (name: string): Scalar => {
    const made = scalar(name);
    parameters.push(made);
    return made;
  };
  const x = scalar("x");
  const y = scalar("y");
  const first = Array.from({ length: hidden }, (_, i) =>
    tanh(add(add(mul(next(`a${i}`), x), mul(next(`b${i}`), y)), next(`c${i}`))),
  );
  const second = Array.from({ length: hidden }, (_, i) => {
    let sum: Scalar = next(`d${i}`);
    for (let j = 0; j < hidden; j++) {
      sum = add(sum, mul(next(`e${i}_${j}`), first[j] as Scalar));
    }
    return tanh(sum);
  });
  let output: Scalar = next("o");
  for (let i = 0; i < hidden; i++) output = add(output, mul(next(`f${i}`), second[i] as Scalar));
  return { output, parameters, inputs: [x, y] };
}
