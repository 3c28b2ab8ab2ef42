// Run by other runtimes on what is built: the whole way from text to training.
import { compile } from "@chainrule/compile";
import { evaluate, grad } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { dense, gradientDescent, mse, sequential, trainer } from "@chainrule/nn";
import { toLatex, toSvg } from "@chainrule/render";

const values = { a: 3, b: 1, c: -2 };
const { definitions, variables } = parse("d = 2b; e = a + d; L = c e");
const { L } = definitions;
const t = trainer(sequential(dense(4), dense(1)), {
  input: ["batch", 2],
  loss: mse,
  optimizer: gradientDescent({ rate: 0.1 }),
  seed: 1,
});
const data = {
  inputs: [
    [0, 0],
    [0, 1],
  ],
  targets: [[0], [1]],
};
const history = await t.train(data, { epochs: 20, batch: 2 });
console.log(
  JSON.stringify({
    ...evaluate({ L, db: grad(L, variables.b) }, values),
    latex: toLatex(L),
    drawn: toSvg(L).startsWith("<svg"),
    compiled: compile({ outputs: { L } })(values),
    learnt: history.at(-1).loss < history[0].loss,
  }),
);
