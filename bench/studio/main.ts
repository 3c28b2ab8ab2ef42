/**
 * How fast the playground of the studio trains in Chromium while its page draws. Run by `npm run bench -- studio`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { writePermalink } from "../../packages/studio/src/app/permalink.ts";
import { openStudio } from "../../test/studio/support/openStudio.ts";
import { machine } from "../support/machine.ts";
import { median } from "../support/median.ts";

const ROUNDS = 5;

/** Milliseconds of a round, and of training before the first: V8 has then compiled what runs often. */
const ROUND = 4000;
const WARM = 4000;

/** Examples of an epoch: half of the points. */
const EXAMPLES = 300;

/** Ticks of a second in /proc. */
const TICKS = 100;

interface Case {
  readonly name: string;
  readonly state: Readonly<Record<string, unknown>>;
}

const cases: readonly Case[] = [
  { name: "2-8-8-1, tanh, batch 10", state: { layers: [8, 8] } },
  { name: "2-8-8-1, tanh, batch 10, Adam", state: { layers: [8, 8], optimizer: "adam" } },
  { name: "2-8-8-1, tanh, batch 1", state: { layers: [8, 8], batch: 1 } },
];

interface Round {
  /** Of the clock. */
  readonly examples: number;
  /** Of the worker's processor time. */
  readonly examplesAlone: number;
  readonly pictures: number;
}

/** Seconds of processor time that workers of all renderers of a browser have had, by /proc. */
function workerSeconds(): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer")) continue;
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
        if (!stat.includes("(DedicatedWorker")) continue;
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        ticks += Number(fields[11]) + Number(fields[12]);
      }
    } catch {
      // A process may have ended meanwhile.
    }
  }
  return ticks / TICKS;
}

async function measure(state: Case["state"]): Promise<Round> {
  const studio = await openStudio();
  try {
    const full = { data: "moons", count: 2 * EXAMPLES, share: 0.5, ...state };
    const link = await writePermalink({ room: "playground", state: full });
    const { page } = await studio.open(`${studio.address}${link}`);
    const train = page.getByRole("button", { name: "Train", exact: true });
    await train.click();
    await page.waitForTimeout(WARM);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = workerSeconds();
      const [epochs, pictures, seconds] = (await page.evaluate(`new Promise((resolve) => {
        const epoch = () => Number(document.querySelector(".epoch").textContent.replaceAll(",", ""));
        const [begun, first] = [performance.now(), epoch()];
        let pictures = 0;
        const draw = (now) => {
          pictures++;
          if (now - begun < ${ROUND}) requestAnimationFrame(draw);
          else resolve([epoch() - first, pictures, (now - begun) / 1000]);
        };
        requestAnimationFrame(draw);
      })`)) as [number, number, number];
      const alone = workerSeconds() - before;
      rounds.push({
        examples: (epochs * EXAMPLES) / seconds,
        examplesAlone: (epochs * EXAMPLES) / alone,
        pictures: pictures / seconds,
      });
    }
    const of = (key: keyof Round): number => median(rounds.map((round) => round[key]));
    return {
      examples: of("examples"),
      examplesAlone: of("examplesAlone"),
      pictures: of("pictures"),
    };
  } finally {
    await studio.close();
  }
}

const lines = [
  "# Studio",
  "",
  `Examples a second that the playground trains in Chromium while its page draws, by the clock and by the processor time of the`,
  `worker alone (pictures for the page included); pictures a second that the page draws meanwhile. Medians of ${ROUNDS} rounds of`,
  `${ROUND / 1000} s. ${machine()}.`,
  "",
  "| | examples/s | by the worker's time | pictures/s |",
  "| --- | --- | --- | --- |",
];
for (const { name, state } of cases) {
  const { examples, examplesAlone, pictures } = await measure(state);
  const [wall, alone] = [examples, examplesAlone].map((value) =>
    Math.round(value).toLocaleString("en"),
  );
  const line = `| ${name} | ${wall} | ${alone} | ${pictures.toFixed(0)} |`;
  console.log(line);
  lines.push(line);
}
writeFileSync("bench/results/studio.md", `${lines.join("\n")}\n`);
