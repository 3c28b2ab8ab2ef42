import { evaluate, grad, scalar } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function rates(schedule: nn.Schedule, count: number, bindings = new Map()): number[] {
  const step = scalar("step");
  const rate = schedule(step);
  return Array.from(
    { length: count },
    (_, k) => evaluate(rate, new Map([...bindings, [step, k]])) as number,
  );
}

describe("schedules", () => {
  const options = fc.record({
    rate: fc.double({ min: 1e-4, max: 1, noNaN: true }),
    steps: fc.integer({ min: 1, max: 20 }),
  });

  it("that decay begin at the rate, never rise and end where they should", () => {
    fc.assert(
      fc.property(options, ({ rate, steps }) => {
        const end = rate / 10;
        for (const schedule of [
          nn.stepDecay(rate, { every: steps }),
          nn.exponentialDecay(rate, { factor: 0.9 }),
          nn.cosineDecay(rate, { steps, end }),
          nn.linearDecay(rate, { steps, end }),
          nn.dropsAt(rate, { steps: [steps, steps + 3] }),
        ]) {
          const all = rates(schedule, 25);
          expect(all[0]).toBeCloseTo(rate, 12);
          for (const [k, now] of all.entries()) {
            expect(now).toBeGreaterThan(0);
            if (k > 0) expect(now).toBeLessThanOrEqual((all[k - 1] as number) * (1 + 1e-12));
          }
        }
        expect(rates(nn.cosineDecay(rate, { steps, end }), 25)[24]).toBeCloseTo(end, 12);
        expect(rates(nn.linearDecay(rate, { steps, end }), 25)[24]).toBeCloseTo(end, 12);
      }),
      { numRuns: 30 },
    );
  });

  it("that warm up rise evenly to what comes then", () => {
    expect(rates(nn.warmup(1, { steps: 4 }), 6)).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
    const cosine = nn.cosineDecay(0.5, { steps: 10 });
    const after = rates(nn.warmup(cosine, { steps: 3, from: 0.5 }), 10).slice(3);
    expect(after).toEqual(rates(cosine, 7));
  });

  it("inverseRootDecay peaks at the rate after its warm-up", () => {
    const all = rates(nn.inverseRootDecay(0.3, { warmup: 5 }), 20);
    expect(Math.max(...all)).toBeCloseTo(0.3, 15);
    expect(all.indexOf(Math.max(...all))).toBe(4);
    expect(all[19]).toBeCloseTo(0.15, 15);
  });

  it("refuse settings out of range", () => {
    expect(() => nn.stepDecay(0, { every: 1 })).toThrow(
      "stepDecay: rate must be a number > 0, got 0",
    );
    expect(() => nn.stepDecay(1, { every: 0.5 })).toThrow(
      "every must be a whole number ≥ 1, got 0.5",
    );
    expect(() => nn.exponentialDecay(1, { factor: 2 })).toThrow(
      "factor must be > 0 and ≤ 1, got 2",
    );
    expect(() => nn.cosineDecay(1, { steps: 3, end: -1 })).toThrow(
      "end must be a number ≥ 0, got -1",
    );
    expect(() => nn.dropsAt(1, { steps: [3, 3] })).toThrow("steps must increase, got 3 after 3");
    expect(() => nn.warmup(1, { steps: 2, from: 2 })).toThrow("from must lie in 0 … 1, got 2");
    expect(() => nn.plateau(1, { patience: -1 })).toThrow("patience must be a number ≥ 0, got -1");
  });

  it("are graphs, with derivatives by what they are made of", () => {
    const step = scalar("step");
    const slope = grad(nn.linearDecay(1, { steps: 10, end: 0 })(step), [step])[0];
    expect(evaluate(slope, { step: 3 })).toBeCloseTo(-0.1, 15);
  });
});

describe("plateau", () => {
  it("drops when nothing improves any longer than it may", () => {
    const schedule = nn.plateau(0.1, { patience: 2, factor: 0.5 });
    const changes = [5, 4, 4, 4, 4, 3].map((loss) => schedule.observe(loss));
    expect(changes).toEqual([false, false, false, false, true, false]);
    expect(rates(schedule, 1, new Map([[schedule.input, schedule.value()]]))).toEqual([0.05]);
  });

  it("goes no lower than `least`, and takes NaN for no improvement", () => {
    const schedule = nn.plateau(1, { patience: 0, least: 0.05 });
    const factors = Array.from({ length: 4 }, () => {
      schedule.observe(Number.NaN);
      return schedule.value();
    });
    expect(factors).toEqual([0.1, 0.05, 0.05, 0.05]);
  });

  it("goes on from a checkpoint that went through JSON", () => {
    const measured = fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(measured, fc.nat(40), (values, at) => {
        const options = { patience: 2, cooldown: 1 };
        const [whole, before, after] = [1, 2, 3].map(() => nn.plateau(1, options));
        if (!whole || !before || !after) throw new Error("three schedules");
        for (const value of values) whole.observe(value);
        for (const value of values.slice(0, at)) before.observe(value);
        after.restore(JSON.parse(JSON.stringify(before.state())));
        for (const value of values.slice(at)) after.observe(value);
        expect(after.state()).toEqual(whole.state());
      }),
      { numRuns: 100 },
    );
    expect(() => nn.plateau(1).restore({ best: 1 })).toThrow(
      "plateau: a state must hold factor, best, waited, resting, got best",
    );
  });

  it("shows its input through schedules and optimizers around it", () => {
    const schedule = nn.plateau(0.1);
    expect(nn.hostInputs(0.1)).toEqual([]);
    expect(nn.hostInputs(nn.warmup(schedule, { steps: 3 }))).toEqual(schedule.hosts);
    const optimizer = nn.accumulate(nn.adam({ rate: schedule }), 2);
    expect(nn.hostInputs(optimizer.rate)).toEqual(schedule.hosts);
    expect(schedule.hosts[0]?.input).toBe(schedule.input);
  });
});
