import { features } from "../../training/features.ts";
import type { Place } from "../../training/frame.ts";
import {
  activations,
  hiddenName,
  initialisers,
  lossOf,
  memberSeed,
  optimizers,
  outputsOf,
} from "../../training/network.ts";
import type { TrainingSettings } from "../../training/trainingSettings.ts";
import type { Scale } from "./readPoints.ts";

/** A network as it is now, with all that another program needs to use it. */
export interface SavedNetwork {
  readonly settings: TrainingSettings;
  /** 0 for regression. */
  readonly classes: number;
  readonly member: number;
  readonly epoch: number;
  readonly places: readonly Place[];
  readonly weights: readonly number[];
  readonly labels: readonly string[];
  readonly axes: readonly string[];
  readonly scales: readonly Scale[];
}

/** A parameter by itself. */
interface SavedParameter {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The parameters of a network by their paths. */
export function parametersOf({ places, weights }: SavedNetwork): Record<string, SavedParameter> {
  return Object.fromEntries(
    places.map(({ path, shape, start }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [path, { shape, values: weights.slice(start, start + size) }];
    }),
  );
}

/** The network as plain data. */
export function toJson(saved: SavedNetwork): string {
  const { settings, classes, member, epoch, labels, axes, scales } = saved;
  const { points, ...plain } = settings;
  const about = { format: "chainrule playground 1", settings: plain, points: points.length };
  const facts = { classes, member, epoch, labels, axes, scales };
  return `${JSON.stringify({ ...about, ...facts, parameters: parametersOf(saved) }, undefined, 1)}\n`;
}

/** The network as a program: the model of nn with its weights, and a prediction. */
export function toTypeScript(saved: SavedNetwork): string {
  const { settings, classes, member, epoch } = saved;
  const { features: chosen, layers, activation, initialiser, optimizer, rate, seed } = settings;
  const plain = chosen.join() === "x,y";
  const usesActivation = layers.length > 0;
  const fromNn = activation === "identity";
  const initial = initialisers[initialiser].source;
  const graphs = chosen.map((id) => features[id].source);
  const core = new Set(["Tensor", ...graphs.flatMap((text) => /^\w+(?=\()/.exec(text)?.[0] ?? [])]);
  const { source: loss } = lossOf(classes);
  const nn = new Set([
    "dense",
    "named",
    "sequential",
    "trainer",
    loss,
    optimizers[optimizer].source,
  ]);
  if (initial !== "0") nn.add(initial.replace(/\(.*/, ""));
  if (usesActivation) (fromNn ? nn : core).add(activations[activation].source);
  if (!plain) {
    for (const name of ["type Expr", "slice"]) core.add(name);
    if (graphs.length > 1) core.add("concat");
    nn.add("layer");
  }
  const dense = (units: number, act: string): string =>
    `dense(${units}, ${act}, { weight: ${initial} })`;
  const parts = [
    ...(plain ? [] : ["features"]),
    ...layers.map(
      (units, i) => `named("${hiddenName(i)}", ${dense(units, activations[activation].source)})`,
    ),
    `named("output", ${dense(outputsOf(classes), "undefined")})`,
  ];
  return [
    `// A network of the playground after ${epoch} epochs. Inputs are x and y, ${meaning(saved)}`,
    `import { ${[...core].sort(byName).join(", ")} } from "@chainrule/core";`,
    `import { ${[...nn].sort(byName).join(", ")} } from "@chainrule/nn";`,
    "",
    ...(plain ? [] : featureLines(graphs)),
    "const model = sequential(",
    ...parts.map((part) => `  ${part},`),
    ");",
    "",
    "/** Goes on training with t.fit(…); further settings of the playground are options of nn. */",
    "export const t = trainer(model, {",
    '  input: ["batch", 2],',
    `  loss: ${loss},`,
    `  optimizer: ${optimizers[optimizer].source}({ rate: ${rate} }),`,
    `  seed: ${memberSeed(seed, member)},`,
    "});",
    "",
    "const weights: Readonly<Record<string, { shape: number[]; values: number[] }>> = {",
    ...Object.entries(parametersOf(saved)).map(
      ([path, { shape, values }]) =>
        `  "${path}": { shape: [${shape.join(", ")}], values: [${values.join(", ")}] },`,
    ),
    "};",
    "for (const [path, { shape, values }] of Object.entries(weights)) {",
    "  t.set(path, new Tensor(shape, Float64Array.from(values)));",
    "}",
    "",
    ...scaleLines(saved),
  ].join("\n");
}

function featureLines(graphs: readonly string[]): readonly string[] {
  const uses = (name: string): boolean =>
    graphs.some((text) => new RegExp(`\\b${name}\\b`).test(text));
  return [
    'const features = layer("features", (points: Expr) => {',
    ...(uses("x") ? ["  const x = slice(points, 1, 0, 1);"] : []),
    ...(uses("y") ? ["  const y = slice(points, 1, 1, 2);"] : []),
    graphs.length === 1 ? `  return ${graphs[0]};` : `  return concat([${graphs.join(", ")}], 1);`,
    "});",
    "",
  ];
}

function scaleLines({ scales }: SavedNetwork): readonly string[] {
  const [x, y] = scales;
  if (x === undefined || y === undefined) return ["console.log(t.predict([[0.5, -0.5]]));", ""];
  const part = (name: string, { centre, size }: Scale): string =>
    `(${name} - ${signed(centre)}) / ${size}`;
  return [
    "/** Numbers of the table as the network takes them. */",
    "export function scaled(x: number, y: number): number[] {",
    `  return [${part("x", x)}, ${part("y", y)}];`,
    "}",
    "",
    `console.log(t.predict([scaled(${x.centre}, ${y.centre})]));`,
    "",
  ];
}

function signed(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}

/** What the output says, in a sentence. */
function meaning({ classes, labels, scales }: SavedNetwork): string {
  const value = scales[2];
  // These two end a line of a program, and so its comment, but not a line of JSON.
  const name = (i: number): string =>
    JSON.stringify(labels[i] ?? `class ${i}`)
      .replaceAll("\u2028", "\\u2028")
      .replaceAll("\u2029", "\\u2029");
  if (classes === 2) return `the output is the logit of ${name(1)} against ${name(0)}.`;
  if (classes > 2) {
    const all = Array.from({ length: classes }, (_, i) => name(i)).join(", ");
    return `the outputs are logits of ${all}.`;
  }
  if (value === undefined) return "the output is the value.";
  return `the value is ${value.centre} + ${value.size} times the output.`;
}

function byName(a: string, b: string): number {
  return a.replace("type ", "").localeCompare(b.replace("type ", ""), "en");
}
