import { evaluate, scalar } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { readFixture } from "./readFixture.ts";

interface ScheduleCase {
  readonly name: string;
  readonly schedule: string;
  readonly rate: number;
  readonly options: Record<string, never>;
}

const { cosineDecay, dropsAt, exponentialDecay, linearDecay, stepDecay, warmup } = nn;

const byName: Readonly<Record<string, unknown>> = {
  cosineDecay,
  dropsAt,
  exponentialDecay,
  linearDecay,
  stepDecay,
  warmup,
};

type AnySchedule = (rate: number | nn.Schedule, options: Record<string, unknown>) => nn.Schedule;

const { cases, tensor } = readFixture<ScheduleCase>("schedules");

const tolerance = 1e-12;

describe("schedules give PyTorch's rates", () => {
  const graphs = cases.filter(({ schedule }) => schedule !== "plateau");
  it.each(graphs)("$name", ({ name, schedule, rate, options }) => {
    const { then, ...own } = options as Record<string, unknown>;
    const base = then === undefined ? rate : cosineDecay(rate, then as nn.CosineOptions);
    const step = scalar("step");
    const value = (byName[schedule] as AnySchedule)(base, own)(step);
    for (const [k, expected] of tensor(name).data.entries()) {
      expect(Math.abs((evaluate(value, { step: k }) as number) - expected)).toBeLessThan(tolerance);
    }
  });

  const driven = cases.filter(({ schedule }) => schedule === "plateau");
  it.each(driven)("$name", ({ name, rate, options }) => {
    const schedule = nn.plateau(rate, options);
    const graph = schedule(scalar("step"));
    const measured = tensor("measured").data;
    for (const [k, expected] of tensor(name).data.entries()) {
      schedule.observe(measured[k] as number);
      const found = evaluate(graph, new Map([[schedule.input, schedule.value()]])) as number;
      expect(Math.abs(found - expected)).toBeLessThan(tolerance);
    }
  });
});
