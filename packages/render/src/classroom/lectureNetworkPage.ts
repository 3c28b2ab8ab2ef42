import { evaluate, type Program } from "@chainrule/core";
import { composeScalar } from "../derivation/compose.ts";
import { derivation, type ScalarDerivation } from "../derivation/derivation.ts";
import type { Block, Inline } from "../derivation/document.ts";
import { LECTURE_RATE, lectureNetwork } from "./lectureNetwork.ts";
import { expression, formula, heading, numeral, paragraph, ratio, written } from "./words.ts";

const WEIGHTS = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"] as const;

/** The lecture prints five decimals and cuts off the rest. */
const PRINTED = { digits: { fixed: 5 }, rounding: "trunc" } as const;

/** Digits of gradients and new weights in the table. */
const DECIMALS = { digits: { fixed: 10 } } as const;

/** The lecture's 2-2-2 network: every number of it, and what it presents. */
export function lectureNetworkPage(): Block[] {
  const program = lectureNetwork();
  const options = { wrt: WEIGHTS, update: LECTURE_RATE } as const;
  const slides = scalar(derivation(program, undefined, { ...options, ...PRINTED }));
  const full = scalar(derivation(program, undefined, { ...options, digits: 17 }));
  return [
    heading("Worked network 2-2-2"),
    paragraph(
      "Two inputs, two hidden neurons, two outputs, sigmoids, one bias a layer. Hidden weights are numbered by source, output weights by target. Numbers are cut off after five decimals, as the lecture prints them.",
    ),
    ...composeScalar(slides).blocks,
    heading("All digits", 2),
    forwardTable(slides, full),
    componentTable(slides, full),
    gradientTable(slides, full),
    ...afterwards(program, full),
  ];
}

function scalar(worked: ReturnType<typeof derivation>): ScalarDerivation {
  if (worked.kind === "scalar") return worked;
  throw new TypeError("lectureNetworkPage: the network must be a scalar graph, got tensors");
}

function forwardTable(slides: ScalarDerivation, full: ScalarDerivation): Block {
  const rows = full.steps.map(({ symbol, value }, i): Inline[][] => [
    [expression(symbol)],
    [numeral(value.value)],
    [slides.steps[i]?.value.text ?? ""],
  ]);
  return { kind: "table", header: ["quantity", "all digits", "cut off"], rows };
}

/** Each component once, though many paths pass it. */
function componentTable(slides: ScalarDerivation, full: ScalarDerivation): Block {
  const rows = new Map<string, Inline[][]>();
  full.derivatives.forEach(({ paths }, i) => {
    paths.forEach(({ components }, j) => {
      components.forEach(({ of, by, value }, k) => {
        const cut = slides.derivatives[i]?.paths[j]?.components[k]?.value.text ?? "";
        rows.set(`${of.name}/${by.name}`, [
          [ratio(expression(of.symbol), expression(by.symbol))],
          [numeral(value.value, DECIMALS)],
          [cut],
        ]);
      });
    });
  });
  return {
    kind: "table",
    header: ["component", "10 decimals", "cut off"],
    rows: [...rows.values()],
  };
}

function gradientTable(slides: ScalarDerivation, full: ScalarDerivation): Block {
  const rows = full.derivatives.map(({ by, paths, value }, i): Inline[][] => [
    [ratio(formula("E"), expression(by.symbol))],
    [joinNumbers(paths.map((path) => path.value.value))],
    [numeral(value.value, DECIMALS)],
    [numeral(full.updates[i]?.value.value ?? Number.NaN, DECIMALS)],
    [slides.updates[i]?.value.text ?? ""],
  ]);
  const header = ["derivative", "path by path", "sum", "new weight", "cut off"];
  return { kind: "table", header, rows };
}

function joinNumbers(values: readonly number[]): Inline {
  const all = values.map((value) => numeral(value, DECIMALS));
  return written(
    all.map(({ text }) => text).join(", "),
    all.map(({ latex }) => latex).join(",\\; "),
  );
}

/** The error after one step, with the biases as they were and with both updated as well. */
function afterwards(program: Program, full: ScalarDerivation): Block[] {
  const weights = Object.fromEntries(full.updates.map(({ of, value }) => [of.name, value.value]));
  const error = (changed: Readonly<Record<string, number>>): number =>
    evaluate(program.result, { ...program.values, ...changed }) as number;
  const both = scalar(derivation(program, undefined, { wrt: ["b1", "b2"], update: LECTURE_RATE }));
  const biases = Object.fromEntries(
    both.derivatives.map(({ by, value }) => [
      by.name,
      (program.values[by.name] as number) - LECTURE_RATE * value.value,
    ]),
  );
  const entry = (name: string, value: number): Inline => {
    const number = numeral(value, DECIMALS);
    const { text, latex } = formula(name);
    return written(`${text} ≈ ${number.text}`, `${latex} \\approx ${number.latex}`);
  };
  const [b1 = Number.NaN, b2 = Number.NaN] = Object.values(biases);
  return [
    paragraph("After one step ", entry("E", error(weights)), "."),
    paragraph("With both biases updated as well, ", entry("b1", b1), ", ", entry("b2", b2), "."),
    paragraph("Then ", entry("E", error({ ...weights, ...biases })), "."),
  ];
}
