import { Tensor } from "@chainrule/core";
import {
  addingProblem,
  batches,
  blobs,
  bytePairTokens,
  bytePairTokensFrom,
  characterTokens,
  circles,
  collect,
  concatExamples,
  dataset,
  digits,
  fitNormalizer,
  fromOneHot,
  moons,
  ngramModel,
  rebatch,
  reversedSequences,
  ring,
  ringCoverage,
  sinePoints,
  sineSequences,
  spirals,
  splitExamples,
  streamBatches,
  tokenWindows,
  toOneHot,
  xor,
} from "@chainrule/nn";
import { parseCsv } from "@chainrule/nn/node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const numbered = (rows: number) =>
  dataset(
    Array.from({ length: rows }, (_, i) => [i, -i]),
    Array.from({ length: rows }, (_, i) => i % 3),
    { classes: 3 },
  );
const firsts = ({ inputs }: { inputs: Tensor }) =>
  Array.from({ length: inputs.shape[0] as number }, (_, i) => inputs.data[2 * i] as number);
const rising = (a: number, b: number) => a - b;
const count = (rows: number) => Array.from({ length: rows }, (_, i) => i);

describe("sets and batches", () => {
  it("refuse what no training can use, in a sentence", () => {
    expect(() => dataset([], [])).toThrow("at least one example");
    expect(() => dataset([[1], [2]], [1])).toThrow("one target for every input");
    expect(() => dataset([[1, 2], [3]], [1, 2])).toThrow("equal lengths");
    expect(() => dataset([[1], [Number.NaN]], [1, 2])).toThrow("got NaN at [1, 0]");
    expect(() => dataset([[1]], [3], { classes: 3 })).toThrow("0 … 2 for 3 classes, got 3");
    expect(() => [...batches(numbered(3), { size: 4 })]).toThrow("batches of 4 of 3 examples");
    expect(() => moons({ points: 4 } as never)).toThrow("such as { seed: 1 }");
  });

  it("refuse options that are missing, or called by another name", () => {
    const makers = { moons, circles, spirals, blobs, ring, sinePoints, sineSequences };
    const others = { addingProblem, reversedSequences, digits };
    for (const [name, make] of Object.entries({ ...makers, ...others })) {
      const untyped = make as (options?: unknown) => unknown;
      expect(() => untyped(), name).toThrow(`${name}: options must be an object of`);
      expect(() => untyped({ samples: 4 }), name).toThrow(`got "samples"`);
    }
    expect(() => xor({ n: 4 } as never)).toThrow("xor: an option must be one of points, seed");
    expect(() => splitExamples(numbered(3), 0.2 as never)).toThrow("options must be an object");
    expect(() => splitExamples(5 as never, { share: 0.2, seed: 1 })).toThrow("{ inputs, targets }");
    expect(() => tokenWindows(Int32Array.of(1, 2), 1 as never)).toThrow("object of length, stride");
    expect(() => bytePairTokens("text", undefined as never)).toThrow("object of size, got undef");
    expect(() => parseCsv("a,b\n1,2\n", undefined as never)).toThrow("object of target, inputs");
    expect(() => fitNormalizer(5 as never)).toThrow("fitNormalizer: there must be a tensor, got 5");
    expect(() => toOneHot([1] as never, 2)).toThrow("toOneHot: there must be a tensor, got");
    expect(() => characterTokens(5 as never)).toThrow("characterTokens: there must be a text");
  });

  it("give each example once an epoch, in an order of seed and epoch", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.integer(), (rows, more, seed) => {
        const size = 1 + (more % rows);
        const run = (epoch: number) =>
          [...batches(numbered(rows), { size, seed, epoch })].flatMap(firsts);
        expect([...run(0)].sort(rising)).toEqual(count(rows));
        expect(run(1)).toEqual(run(1));
        const whole = [...batches(numbered(rows), { size, last: "drop" })].flatMap(firsts);
        expect(whole).toEqual(count(rows - (rows % size)));
      }),
    );
    const orders = [0, 1].map((epoch) =>
      [...batches(numbered(40), { size: 40, seed: 1, epoch })].flatMap(firsts),
    );
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it("split into parts, every class alike when asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 60 }), fc.integer(), fc.boolean(), (n, seed, even) => {
        const set = numbered(n);
        const [a, b] = splitExamples(set, { share: 0.5, seed, stratified: even });
        expect([...firsts(a), ...firsts(b)].sort(rising)).toEqual(count(n));
        if (!even) return;
        for (const label of [0, 1, 2]) {
          const of = (data: ArrayLike<number>) => Array.from(data).filter((x) => x === label);
          const all = of(set.targets.data).length;
          expect(of(b.targets.data).length).toBe(Math.round(all / 2));
        }
      }),
    );
  });

  it("pass through streams and other sizes unchanged", async () => {
    async function* examples() {
      for (let i = 0; i < 11; i++) yield [[i, -i], i] as const;
    }
    const parts: number[] = [];
    const source = rebatch(streamBatches(examples(), { size: 4 }), { size: 3 });
    const seen = async function* () {
      for await (const batch of source) {
        parts.push(batch.inputs.shape[0] as number);
        yield batch;
      }
    };
    expect(firsts(await collect(seen()))).toEqual(count(11));
    expect(parts).toEqual([3, 3, 3, 2]);
    await expect(collect([])).rejects.toThrow("at least one example");
    expect(firsts(concatExamples(numbered(2), numbered(1)))).toEqual([0, 1, 0]);
  });

  it("normalise to mean 0 and deviation 1, and back", () => {
    const inputs = new Tensor([4, 2], Float64Array.of(1, 5, 2, 5, 3, 5, 6, 5));
    const normal = fitNormalizer(inputs);
    const out = normal.apply(inputs).data;
    expect([0, 2, 4, 6].reduce((sum, i) => sum + (out[i] as number), 0)).toBeCloseTo(0, 12);
    expect([0, 2, 4, 6].reduce((sum, i) => sum + (out[i] as number) ** 2, 0)).toBeCloseTo(4, 12);
    expect([out[1], out[7]]).toEqual([0, 0]);
    normal.invert(normal.apply(inputs)).data.forEach((x: number, i: number) => {
      expect(x).toBeCloseTo(inputs.data[i] as number, 12);
    });
  });

  it("one-hot rows and labels are inverses", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1 }), (labels) => {
        const tensor = new Tensor([labels.length], Int32Array.from(labels));
        expect(fromOneHot(toOneHot(tensor, 7)).toArray()).toEqual(labels);
      }),
    );
  });
});

describe("makers", () => {
  const options = { points: 200, seed: 4, noise: 0 };
  const each = (set: { inputs: Tensor; targets: Tensor }) =>
    Array.from(set.targets.data, (label, i) => ({
      label,
      x: set.inputs.data[2 * i] as number,
      y: set.inputs.data[2 * i + 1] as number,
    }));

  it("place points where they say", () => {
    for (const { label, x, y } of each(xor())) expect(label).toBe(x === y ? 0 : 1);
    for (const { label, x, y } of each(circles(options))) {
      expect(Math.hypot(x, y)).toBeCloseTo(label === 0 ? 1 : 0.5, 12);
    }
    for (const { label, x, y } of each(moons(options))) {
      const upper = label === 0;
      expect(upper ? Math.hypot(x, y) : Math.hypot(1 - x, 0.5 - y)).toBeCloseTo(1, 12);
      expect(upper ? y : 0.5 - y).toBeGreaterThanOrEqual(0);
    }
    for (const { label, x, y } of each(spirals(options))) {
      const turned = Math.atan2(y, x) / (2 * Math.PI) - 1.5 * Math.hypot(x, y) - label / 2;
      expect(Math.abs(turned - Math.round(turned))).toBeLessThan(1e-9);
    }
    expect(ringCoverage(ring({ points: 400, seed: 1 }).inputs).modes).toBe(8);
    expect(ringCoverage(new Tensor([3, 2], Float64Array.of(1, 0, 1, 0, 9, 9)))).toMatchObject({
      modes: 1,
      quality: 2 / 3,
    });
  });

  it("make sequences with their answers", () => {
    const shape = { examples: 5, length: 7, seed: 2 };
    const sums = addingProblem(shape);
    for (let row = 0; row < 5; row++) {
      let [sum, marks] = [0, 0];
      for (let i = row * 7; i < row * 7 + 7; i++) {
        marks += sums.inputs.data[2 * i + 1] as number;
        sum += (sums.inputs.data[2 * i] as number) * (sums.inputs.data[2 * i + 1] as number);
      }
      expect([marks, sum]).toEqual([2, sums.targets.data[row]]);
    }
    const reversed = reversedSequences(shape);
    expect(Array.from(reversed.targets.data.slice(0, 7)).reverse()).toEqual(
      Array.from(reversed.inputs.data.slice(0, 7)),
    );
    const waves = sineSequences(shape);
    expect(waves.targets.data.slice(0, 6)).toEqual(waves.inputs.data.slice(1, 7));
  });

  it("draw digits with ink inside the image, the same for the same seed", () => {
    const set = digits({ examples: 40, seed: 3 });
    expect(set.inputs.shape).toEqual([40, 1, 28, 28]);
    expect([...set.targets.data].sort(rising)).toEqual(count(40).map((i) => Math.floor(i / 4)));
    expect(digits({ examples: 40, seed: 3 })).toEqual(set);
    expect(digits({ examples: 40, seed: 5 }).inputs.data).not.toEqual(set.inputs.data);
    for (let i = 0; i < 40; i++) {
      const ink = set.inputs.data.slice(i * 784, (i + 1) * 784) as Float32Array;
      expect(Math.max(...ink)).toBeGreaterThan(0.5);
      const share = ink.reduce((sum, x) => sum + x, 0) / 784;
      expect(share).toBeGreaterThan(0.02);
      expect(share).toBeLessThan(0.35);
    }
  });
});

describe("text", () => {
  it("comes back from byte pairs, whatever its characters", () => {
    const tokens = bytePairTokens("the cat and the hat and the bat ".repeat(9), { size: 400 });
    // No pair comes twice after: at th the _the nd and _and _c _cat _h _hat _b _bat.
    expect(tokens.size).toBe(256 + 13);
    expect(tokens.encode("the hat").length).toBeLessThan(5);
    const again = bytePairTokensFrom(tokens.merges);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (a, b) => {
        const text = `${a}the ${b}`;
        expect(tokens.decode(tokens.encode(text))).toBe(text);
        expect(again.encode(text)).toEqual(tokens.encode(text));
      }),
    );
    for (const text of ["\ud800", "x\udc00y", "\u{10ffff}\u0000\ufffe"]) {
      expect(tokens.decode(tokens.encode(text))).toBe(text);
    }
    expect(tokens.decode([0xff, 0x61, 0xc3])).toBe("\ufffda\ufffd");
  });

  it("comes back from characters, and names one it does not know", () => {
    const tokens = characterTokens("héllo 🙂");
    expect(tokens.decode(tokens.encode("🙂 hé"))).toBe("🙂 hé");
    expect(() => tokens.encode("🙂hx")).toThrow('got "x" (U+0078) at offset 3');
  });

  it("windows give each token its next as a target", () => {
    const { inputs, targets } = tokenWindows(Int32Array.of(1, 2, 3, 4, 5, 6), { length: 2 });
    expect(inputs.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(targets.toArray()).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect(() => tokenWindows(Int32Array.of(1, 2), { length: 2 })).toThrow("3 tokens or more");
  });

  it("n-gram models are distributions after every history", () => {
    const token = fc.nat(3);
    fc.assert(
      fc.property(
        fc.array(token, { minLength: 1, maxLength: 60 }),
        fc.array(token, { maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (text, history, order) => {
          const model = ngramModel(Int32Array.from(text), { order, vocabulary: 4 });
          const all = count(4).map((next) => model.probability(history, next));
          expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
          expect(Math.min(...all)).toBeGreaterThan(0);
        },
      ),
    );
  });

  it("Kneser–Ney by hand: a b a c, order 2", () => {
    // After a: b and c once each, D = ½ as no pair comes twice. Single tokens by what precedes them: a after b and
    // the beginning 2, b 1, c 1: n₁ = 2, n₂ = 1, D = ½. p(b) = (½ + ½·3·⅓) / 4 = ¼; p(b | a) = (½ + ½·2·¼) / 2 = ⅜.
    const model = ngramModel(Int32Array.of(0, 1, 0, 2), { order: 2, vocabulary: 3 });
    expect(model.probability([], 1)).toBeCloseTo(1 / 4, 12);
    expect(model.probability([0], 1)).toBeCloseTo(3 / 8, 12);
    const given = Int32Array.of(0, 1);
    const a = model.probability([], 0);
    expect(model.crossEntropy(given)).toBeCloseTo(-Math.log((a * 3) / 8) / 2, 12);
  });
});
