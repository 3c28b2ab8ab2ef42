/**
 * Greatest errors of the mathematics, in units in the last place, against values of 113 bits.
 *
 * Needs gcc with libquadmath. Start:
 * `npx tsx --conditions=@chainrule/source packages/compile/scripts/accuracy.ts [points] [function …]`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MathFunction, mathFunctions } from "../src/math/index.ts";
import { evaluator } from "./evaluator.ts";
import { pointsFor } from "./points.ts";
import { ulps } from "./ulps.ts";

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "accuracy-"));
const program = join(folder, "reference");
execFileSync("gcc", ["-O2", join(here, "reference.c"), "-o", program, "-lquadmath"]);

/** Points in one run of the reference program. */
const batch = 100_000;

const count = Number(process.argv[2] ?? 200_000);
const chosen = process.argv.slice(3);
const names = (Object.keys(mathFunctions) as MathFunction[]).filter(
  (name) => chosen.length === 0 || chosen.includes(name),
);
const evaluate = evaluator(names);

for (const name of names) {
  let worst = { error: 0, x: 0, y: 0, got: 0 };
  let host = 0;
  let differ = 0;
  const math = (Math as unknown as Record<string, ((x: number, y: number) => number) | undefined>)[
    name
  ];
  for (let done = 0; done < count; done += batch) {
    const points = pointsFor(name, Math.min(batch, count - done), 1 + done);
    const output = execFileSync(program, [name], {
      input: Buffer.from(points.buffer),
      maxBuffer: 1 << 30,
    });
    const bytes = Uint8Array.from(output);
    const exact = new Float64Array(bytes.buffer);
    const scalar = evaluate(name, "f64", points);
    const vector = evaluate(name, "f64x2", points);
    for (let i = 0; i < scalar.length; i++) {
      const [x = 0, y = 0] = points.subarray(2 * i, 2 * i + 2);
      const [high = 0, low = 0] = exact.subarray(2 * i, 2 * i + 2);
      const got = scalar[i] ?? 0;
      if (!Object.is(got, vector[i] ?? 0)) differ++;
      const error = ulps(got, high, low);
      if (!(error <= worst.error)) worst = { error, x, y, got };
      if (math !== undefined) host = Math.max(host, ulps(math(x, y), high, low));
    }
  }
  const at = mathFunctions[name].arity === 2 ? `${worst.x}, ${worst.y}` : `${worst.x}`;
  const peer = math === undefined ? "" : `, Math.${name} ${host.toFixed(3)}`;
  const lanes = differ === 0 ? "" : `, ${differ} DIFFER between lanes`;
  console.log(
    `${name.padEnd(10)} ${worst.error.toFixed(3)} at ${at} = ${worst.got}${peer}${lanes}`,
  );
}
