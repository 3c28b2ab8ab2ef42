import type { Command } from "commander";
import { bytesAs, readTextFile, writeWhole } from "../files.ts";
import type { Output } from "../output.ts";
import { UsageError } from "../usageError.ts";
import { checkPaper } from "./checkPaper.ts";
import { printClaims } from "./printClaims.ts";
import { readPaper } from "./readPaper.ts";
import { weavePaper } from "./weavePaper.ts";

/** A claim that is wrong, or a paper that is not up to date. */
const EXIT_WRONG = 1;

/** `chainrule check paper.tex`: gives whether every claim is right. */
export async function checkPaperFile(
  path: string,
  format: "text" | "json",
  output: Output,
): Promise<boolean> {
  const paper = readPaper(path, readTextFile(path).text);
  const claims = await checkPaper(paper);
  output.out(
    format === "json" ? `${JSON.stringify(claims, null, 2)}\n` : printClaims(paper, claims),
  );
  return claims.every(({ correct }) => correct);
}

/** Adds `weave`. */
export function addWeave(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command("weave")
    .description("make the marked figures and derivations of a LaTeX paper anew, in place")
    .argument("<paper>", "a .tex file with comments % chainrule: figure … % chainrule: end")
    .option("--check", "write nothing; exit code 1 if the paper is not up to date")
    .action(async (path: string, { check }: { readonly check?: true }) => {
      const file = readTextFile(path);
      const { text } = file;
      const woven = await weavePaper(readPaper(path, text));
      if (woven === text) {
        output.out(`${path} is up to date.\n`);
        return;
      }
      if (check === true) {
        output.out(`${path} is not up to date.\n`);
        exit(EXIT_WRONG);
        return;
      }
      const bytes = bytesAs(file, path, woven);
      if (readTextFile(path).text !== text) {
        throw new UsageError(`${path}: the file must stay as it is meanwhile, got a change`);
      }
      writeWhole(path, bytes);
      output.out(`${path} is woven.\n`);
    });
}
