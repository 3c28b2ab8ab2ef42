/** The scalar network as C, compiled by gcc: a program that times itself. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CompileParts, toC } from "@chainrule/compile";
import type { Candidate } from "../support/interleave.ts";

/** Flags that the C is compiled with: gcc joins products and sums here, and makes vectors where it can. */
export const cFlags = ["-O3", "-march=native"];

/** A native program, and what its making took. */
export interface Native {
  readonly candidate: Candidate;
  /** Seconds of gcc. */
  readonly compiling: number;
  /** What the first call took, in microseconds. */
  readonly cold: number;
}

/** The program at a point, all of whose inputs are scalars; `undefined` without gcc. */
export function native(parts: CompileParts, point: readonly number[]): Native | undefined {
  if (spawnSync("gcc", ["--version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "chainrule-bench-"));
  const { header, source } = toC(parts, { name: "network" });
  const memory = header.includes("struct network_memory {");
  writeFileSync(join(folder, "network.h"), header);
  writeFileSync(join(folder, "network.c"), source);
  const call = `network(&in, &out${memory ? ", &memory" : ""});`;
  writeFileSync(
    join(folder, "main.c"),
    `#define _POSIX_C_SOURCE 199309L
#include "network.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static struct network_inputs in;
static struct network_outputs out;
${memory ? "static struct network_memory memory;" : ""}
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e6 * t.tv_sec + t.tv_nsec / 1e3;
}
int main(int count, char **words) {
  const long rounds = count > 1 ? atol(words[1]) : 1;
  double *inputs = (double *)&in, start, cold;
  size_t i;
  long k;
  if (fread(inputs, sizeof in, 1, stdin) != 1) return 1;
  start = now();
  ${call}
  cold = now() - start;
  for (i = 0; i < 3; i++) ${call}
  start = now();
  for (k = 0; k < rounds; k++) ${call}
  printf("%.17g %.17g %.17g", (now() - start) / rounds, cold, out.output);
  return 0;
}
`,
  );
  const file = join(folder, "main");
  const start = performance.now();
  execFileSync("gcc", [
    ...cFlags,
    ...["network.c", "main.c"].map((name) => join(folder, name)),
    "-o",
    file,
    "-lm",
  ]);
  const compiling = (performance.now() - start) / 1000;
  const input = Buffer.from(Float64Array.from(point).buffer);
  const run = (rounds: number): readonly number[] =>
    execFileSync(file, [`${rounds}`], { input })
      .toString()
      .split(" ")
      .map(Number);
  return {
    candidate: { name: "C", batch: (rounds) => run(rounds)[0] as number },
    compiling,
    cold: run(1)[1] as number,
  };
}
