import { ArgumentError, Tensor } from "@chainrule/core";
import {
  blobs,
  circles,
  type Dataset,
  moons,
  random,
  spirals,
  splitExamples,
  xor,
} from "@chainrule/nn";
import {
  type DataId,
  limits,
  type ProblemId,
  REACH,
  type TrainingSettings,
} from "./trainingSettings.ts";

/** Points to train on and points held out. */
export interface PointSet {
  readonly training: Dataset;
  readonly validation: Dataset;
  /** How many classes there are; 0 for regression. */
  readonly classes: number;
}

type Maker = (settings: TrainingSettings) => Dataset;

/** A data set by its title, problem and maker. */
interface DataKind {
  readonly title: string;
  readonly problem: ProblemId;
  readonly make: Maker;
}

/** The makers of nn in the square of the playground, and three surfaces. */
export const dataKinds: Readonly<Record<Exclude<DataId, "own">, DataKind>> = {
  circles: {
    title: "Circles",
    problem: "classification",
    make: (settings) => placed(circles(makerOptions(settings)), 2.2, 0, 0),
  },
  xor: {
    title: "XOR",
    problem: "classification",
    make: (settings) => squares(settings),
  },
  blobs: {
    title: "Blobs",
    problem: "classification",
    make: (settings) =>
      placed(blobs({ ...makerOptions(settings), noise: 0.2 + settings.noise }), 1, 0, 0),
  },
  moons: {
    title: "Moons",
    problem: "classification",
    make: (settings) => placed(moons(makerOptions(settings)), 1.6, -0.5, -0.25),
  },
  spirals: {
    title: "Spirals",
    problem: "classification",
    make: (settings) =>
      placed(spirals({ ...makerOptions(settings), noise: settings.noise / 4 }), 2.7, 0, 0),
  },
  plane: {
    title: "Plane",
    problem: "regression",
    make: (settings) => surface(settings, (x, y) => (x + y) / (2 * REACH)),
  },
  hills: {
    title: "Hills",
    problem: "regression",
    make: (settings) => surface(settings, hills),
  },
  waves: {
    title: "Waves",
    problem: "regression",
    make: (settings) => surface(settings, (x, y) => Math.sin(1.5 * x) * Math.cos(y)),
  },
};

/**
 * The points of some settings, divided for training and validation by their seed.
 *
 * Throws ArgumentError where there are too few points to divide, or one class alone.
 */
export function pointSet(settings: TrainingSettings): PointSet {
  const { problem, data, seed, share } = settings;
  const all = data === "own" ? ownPoints(settings) : dataKinds[data].make(settings);
  if (data !== "own" && dataKinds[data].problem !== problem) {
    throw new ArgumentError(
      `playground: data must fit the problem, got ${data} for ${problem}; choose other data`,
    );
  }
  const [training, validation] = splitExamples(all, { share: 1 - share, seed });
  if (problem === "regression") return { training, validation, classes: 0 };
  const classes = Math.max(2, 1 + Math.max(...Array.from(all.targets.data)));
  return { training, validation, classes };
}

function makerOptions({ count, noise, seed }: TrainingSettings) {
  return { points: count, noise, seed };
}

/** A set in the square: moved, then grown. */
function placed({ inputs, targets }: Dataset, factor: number, right: number, up: number): Dataset {
  const data = inputs.data.map((item, i) => factor * (item + (i % 2 === 0 ? right : up)));
  return { inputs: new Tensor(inputs.shape, data), targets };
}

/** Exclusive or of the signs: nn's corners, and their quadrants filled. */
function squares(settings: TrainingSettings): Dataset {
  const { inputs, targets } = placed(xor({ ...makerOptions(settings), noise: 0 }), 1, -0.5, -0.5);
  const generator = random(settings.seed, "quadrants");
  const data = inputs.data.map((corner) => {
    const inside = 2 * corner * (0.25 + 2.25 * generator.uniform());
    return inside + settings.noise * generator.normal();
  });
  return { inputs: new Tensor(inputs.shape, data), targets };
}

/** Places drawn evenly, and a function of them with noise. */
function surface(
  { count, noise, seed }: TrainingSettings,
  at: (x: number, y: number) => number,
): Dataset {
  const generator = random(seed, "surface");
  const inputs = Float64Array.from(
    { length: 2 * count },
    () => REACH * (2 * generator.uniform() - 1),
  );
  const targets = Float64Array.from({ length: count }, (_, i) => {
    const value = at(inputs[2 * i] as number, inputs[2 * i + 1] as number);
    return value + noise * generator.normal();
  });
  return { inputs: new Tensor([count, 2], inputs), targets: new Tensor([count], targets) };
}

const bumps: readonly (readonly [x: number, y: number, height: number])[] = [
  [-1.5, 1.2, 1],
  [1.5, -1.2, 1],
  [1.5, 1.4, -1],
  [-1.5, -1.4, -1],
];

function hills(x: number, y: number): number {
  return bumps.reduce(
    (sum, [a, b, height]) => sum + height * Math.exp(-((x - a) ** 2) - (y - b) ** 2),
    0,
  );
}

/** One's own points. Throws ArgumentError unless there are enough, in the square, with values that fit. */
function ownPoints({ points, problem }: TrainingSettings): Dataset {
  const where = "own points";
  if (points.length < 4) {
    throw new ArgumentError(
      `${where}: there must be at least 4, got ${points.length}; click to set some`,
    );
  }
  if (points.length > limits.points) {
    throw new ArgumentError(
      `${where}: there must be at most ${limits.points}, got ${points.length}`,
    );
  }
  const values = points.map(([, , value]) => value);
  if (!points.every((point) => point.every(Number.isFinite))) {
    throw new ArgumentError(`${where}: places and values must be finite numbers, got others`);
  }
  const inputs = new Tensor(
    [points.length, 2],
    Float64Array.from(points.flatMap((point) => point.slice(0, 2))),
  );
  if (problem === "regression") {
    return { inputs, targets: new Tensor([points.length], Float64Array.from(values)) };
  }
  const wrong = values.find(
    (value) => !(Number.isInteger(value) && value >= 0 && value < limits.classes),
  );
  if (wrong !== undefined) {
    throw new ArgumentError(`${where}: classes must be 0 … ${limits.classes - 1}, got ${wrong}`);
  }
  if (new Set(values).size < 2) {
    throw new ArgumentError(
      `${where}: there must be points of two classes, got one; set some of another`,
    );
  }
  return { inputs, targets: new Tensor([points.length], Int32Array.from(values)) };
}
