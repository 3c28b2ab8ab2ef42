import { ArgumentError } from "@chainrule/core";

/** A column of neurons. */
export interface NeuronLayer {
  readonly units: number;
  /** Name of the function after the sum; the first layer, the inputs, has none. */
  readonly activation?: string;
  /** One number a unit. */
  readonly biases?: readonly number[];
  /** Heading of the column. */
  readonly name?: string;
}

/** A fully connected network as plain data; the first layer holds the inputs. */
export interface NeuronModel {
  readonly layers: readonly NeuronLayer[];
  /** `weights[l][i][j]` leads from unit i of layer l to unit j of layer l + 1. */
  readonly weights?: readonly (readonly (readonly number[])[])[];
  /** `names[l][i]` of the units; others are numbered. */
  readonly names?: readonly (readonly string[])[];
}

/** Checks sizes before anything is drawn. Throws ArgumentError where they do not fit together. */
export function checkModel({ layers, weights, names }: NeuronModel): void {
  if (layers.length === 0) fail("there must be at least one layer", "none");
  layers.forEach(({ units, biases }, l) => {
    if (!Number.isSafeInteger(units) || units < 1) {
      fail(`layer ${l} must have 1 unit or more`, String(units));
    }
    if (biases !== undefined && biases.length !== units) {
      fail(`layer ${l} must have ${units} biases`, String(biases.length));
    }
  });
  if (names !== undefined) checkNames(layers, names);
  if (weights === undefined) return;
  if (weights.length !== layers.length - 1) {
    fail(`there must be ${layers.length - 1} matrices of weights`, String(weights.length));
  }
  weights.forEach((matrix, l) => {
    const [from, to] = [unitsOf(layers, l), unitsOf(layers, l + 1)];
    const wrong = matrix.find((row) => row.length !== to);
    if (matrix.length === from && wrong === undefined) return;
    const got = `${matrix.length} × ${wrong?.length ?? to}`;
    fail(`weights ${l} must be ${from} × ${to}`, got);
  });
}

function checkNames(layers: readonly NeuronLayer[], names: readonly (readonly string[])[]): void {
  if (names.length > layers.length) {
    fail(`there must be names of at most ${layers.length} layers`, String(names.length));
  }
  names.forEach((own, l) => {
    const units = unitsOf(layers, l);
    if (own.length > units) {
      fail(`layer ${l} must have at most ${units} names`, String(own.length));
    }
  });
}

function unitsOf(layers: readonly NeuronLayer[], l: number): number {
  return layers[l]?.units ?? 0;
}

function fail(must: string, got: string): never {
  throw new ArgumentError(`neuronView: ${must}, got ${got}`);
}
