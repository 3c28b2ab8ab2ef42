import { coordinate } from "../number/coordinate.ts";
import { paletteOf } from "../svg/palette.ts";
import { plainLatex } from "../tikz/boxLatex.ts";
import type { NeuronOptions } from "./options.ts";
import type { Picture } from "./picture.ts";

/** A network's picture as TikZ, every look in one `\tikzset`; standalone or for `\input`. */
export function pictureTikz(picture: Picture, options: NeuronOptions): string {
  const theme = options.theme === "dark" ? "dark" : "light";
  const palette = paletteOf(theme, options.greyscale === true);
  const scale = (options.width ?? picture.width * PIXEL) / picture.width;
  const at = ([x, y]: readonly [number, number]): string =>
    `(${coordinate(x)},${coordinate(picture.height - y)})`;
  const colours = (["page", "ink", "faint", "line", "value", "adjoint"] as const).map((name) =>
    defineColour(name, palette[name]),
  );
  const fills = (["input", "operation", "output"] as const).map((name) =>
    defineColour(name, palette[name]),
  );
  const body = [
    ...colours,
    ...fills,
    "\\tikzset{",
    "  network unit/.style={draw=network-line, line width=0.7bp},",
    "  network input/.style={network unit, fill=network-input},",
    "  network neuron/.style={network unit, fill=network-operation},",
    "  network output/.style={network unit, fill=network-output},",
    "  network dots/.style={fill=network-faint},",
    "  network plain/.style={draw=network-line},",
    "  network arrow/.style={draw=network-line, ->},",
    "  network positive/.style={draw=network-value},",
    "  network negative/.style={draw=network-adjoint, dashed},",
    "  network words/.style={inner sep=1pt, text=network-ink},",
    "  network ink/.style={network words},",
    "  network faint/.style={network words, text=network-faint},",
    "  network label/.style={network words, fill=network-page}",
    "}",
    `\\begin{tikzpicture}[x=${fixed(scale)}bp, y=${fixed(scale)}bp]`,
    `\\path[use as bounding box] (0,0) rectangle ${at([picture.width, 0])};`,
    ...(theme === "dark"
      ? [`\\fill[network-page] (0,0) rectangle ${at([picture.width, 0])};`]
      : []),
    ...picture.lines.map(
      ({ kind, from, to, width }) =>
        `\\draw[network ${kind}, line width=${fixed(width * PIXEL)}bp] ${at(from)} -- ${at(to)};`,
    ),
    ...picture.circles.map(
      ({ kind, x, y, radius }) =>
        `\\path[network ${kind}] ${at([x, y])} circle[radius=${fixed(radius * scale)}bp];`,
    ),
    ...picture.words.map(
      ({ kind, latex, x, y, size }) =>
        `\\node[network ${kind}, font=\\fontsize{${fixed(size * scale)}bp}{${fixed(size * scale * 1.2)}bp}\\selectfont] at ${at([x, y])} {${plainLatex(latex)}};`,
    ),
    "\\end{tikzpicture}",
  ].join("\n");
  if (options.format === "tikz-fragment") return `${body}\n`;
  const head = "\\documentclass[border=2pt]{standalone}\n\\usepackage{amsmath,tikz,lmodern}";
  return `${head}\n\\begin{document}\n${body}\n\\end{document}\n`;
}

/** A pixel of the screen in big points of paper. */
const PIXEL = 0.75;

function fixed(value: number): string {
  return String(Number(value.toFixed(3)));
}

function defineColour(name: string, colour: string): string {
  return `\\definecolor{network-${name}}{HTML}{${colour.slice(1).toUpperCase()}}`;
}
