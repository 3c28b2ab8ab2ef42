import { spawnSync } from "node:child_process";
import { ArgumentError } from "@chainrule/core";

/** The oldest PyTorch that the exported scripts were written for. */
const OLDEST = [1, 13] as const;

/** Where Python is looked for when nobody says: the path's own, then the system's, which may have what that lacks. */
const usual = ["python3", "/usr/bin/python3"];

/** What a Python says of itself. */
export interface FoundPython {
  readonly python: string;
  /** The version of PyTorch. */
  readonly torch: string;
  /** What its torchrun needs to be told beside. */
  readonly launcher: readonly string[];
}

/**
 * A Python that has PyTorch with torch.distributed.
 *
 * Throws ArgumentError that says what is missing, before any work.
 */
export function findPython(given?: string): FoundPython {
  const tried: string[] = [];
  for (const python of given === undefined ? usual : [given]) {
    const answer = ask(python);
    if (typeof answer !== "string") return answer;
    tried.push(`${python}: ${answer}`);
  }
  throw new ArgumentError(
    `torch: a Python with PyTorch ${OLDEST.join(".")} or newer must be there, got none\n  ${tried.join("\n  ")}\nInstall it (pip install torch, or apt install python3-torch), or name one with { python: "…" }.`,
  );
}

/** Version, whether processes can meet, whether Python is recent, whether torchrun understands its own defaults. */
const question = `
import sys, torch, torch.distributed
there = torch.distributed.is_available()
sound = False
if there:
    from torch.distributed.elastic.multiprocessing.api import Std
    sound = Std.from_str("0") is not None
print(torch.__version__, there, sys.version_info >= (3, 8), sound)
`;

/**
 * PyTorch 1.13 under Python 3.11 (Debian 12) reads its default "redirect nothing" as None, since flags of
 * value 0 are no longer met when an enumeration is walked. A map in which all but one worker is missing is
 * understood; the workers' output is seen as before.
 */
const remedy = ["--redirects=9:1", "--tee=9:1"];

function ask(python: string): FoundPython | string {
  const { status, stdout, stderr, error } = spawnSync(python, ["-c", question], {
    encoding: "utf8",
    timeout: 120_000,
  });
  if (error !== undefined) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" ? "no such program" : error.message;
  }
  if (status !== 0) return stderr.trim().split("\n").at(-1) ?? "it failed without a word";
  const [version = "", distributed, recent, sound] =
    stdout.trim().split("\n").at(-1)?.split(" ") ?? [];
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (recent !== "True") return "Python 3.8 or newer is needed";
  if (!(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))) {
    return `PyTorch ${version} is too old`;
  }
  if (distributed !== "True") return `PyTorch ${version} was built without torch.distributed`;
  return { python, torch: version, launcher: sound === "True" ? [] : remedy };
}
