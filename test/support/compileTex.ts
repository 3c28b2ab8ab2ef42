import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What pdfTeX said of a document. */
export interface TexRun {
  readonly errors: readonly string[];
  /** Points by which the widest line sticks out of the page. */
  readonly overfull: number;
  readonly pages: number;
}

/** Compiles a document with pdfTeX, which may neither write elsewhere nor run commands. */
export function compileTex(source: string): TexRun {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-tex-"));
  try {
    writeFileSync(join(folder, "sample.tex"), source);
    spawnSync("pdflatex", ["-interaction=nonstopmode", "-no-shell-escape", "sample.tex"], {
      cwd: folder,
      stdio: "ignore",
      timeout: 120_000,
    });
    const log = readFileSync(join(folder, "sample.log"), "latin1");
    const errors = log.split("\n").filter((line) => line.startsWith("!"));
    const missing = [...log.matchAll(/Missing character: There is no .*/g)].map(([line]) => line);
    const wide = [...log.matchAll(/Overfull \\hbox \(([\d.]+)pt too wide\)/g)];
    const pages = Number(/Output written on .* \((\d+) page/.exec(log)?.[1] ?? 0);
    return {
      errors: [...errors, ...missing],
      overfull: wide.reduce((most, [, points]) => Math.max(most, Number(points)), 0),
      pages,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
