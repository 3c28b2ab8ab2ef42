// The studio as a folder for static hosts, with the page as one file and the custom element beside it.
import { copyFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sourcesStamp } from "./build.mjs";
import { read, root, run } from "./workspace.mjs";

const studio = join(root, "packages", "studio");
const site = join(studio, "site");

/** Builds the studio unless no source has changed since. */
export function buildStudio() {
  const stamp = join(root, "node_modules", ".chainrule-studio");
  const wanted = sourcesStamp();
  if (read(stamp) === wanted && existsSync(join(site, "studio.html"))) return;
  console.error("chainrule: building the studio …");
  rmSync(stamp, { force: true });
  const vite = join(studio, "node_modules", ".bin", "vite");
  const args = ["build", studio, "--logLevel", "error"];
  run(vite, args, "building the studio");
  run(vite, [...args, "--mode", "element"], "building the element");
  run(vite, [...args, "--mode", "single"], "building studio.html");
  copyFileSync(join(studio, "single", "studio.html"), join(site, "studio.html"));
  writeFileSync(stamp, wanted);
}
