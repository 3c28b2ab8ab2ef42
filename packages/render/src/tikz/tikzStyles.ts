import type { Palette } from "../svg/palette.ts";

/** All looks of a picture, as entries of `\tikzset`: change them and the picture follows. */
export function tikzStyles(palette: Palette): string[] {
  const box = (fill: string, more = ""): string =>
    `draw=${color(palette.line)}, fill=${color(fill)}, line width=0.7pt, inner sep=0pt, rounded corners=3pt${more}`;
  const text = (ink: string, size: string): string =>
    `inner sep=0pt, text=${color(ink)}, font=${size}`;
  return [
    style("picture", "x=1bp, y=1bp, >={Stealth[length=5pt]}"),
    style("input", box(palette.input, ", rounded corners=8pt")),
    style("constant", box(palette.constant, ", dashed")),
    style("operation", box(palette.operation)),
    style("output", box(palette.output, ", line width=1.4pt")),
    style("scope", box(palette.scope, ", double, double distance=1.2pt")),
    style(
      "frame",
      `draw=${color(palette.faint)}, fill=${color(palette.frame)}, rounded corners=5pt`,
    ),
    style(
      "frame name",
      `anchor=north west, inner sep=4pt, font=\\footnotesize, text=${color(palette.faint)}`,
    ),
    style("name", text(palette.ink, "\\normalsize")),
    style("shape", text(palette.faint, "\\small")),
    style("count", text(palette.faint, "\\small")),
    style("value", text(palette.value, "\\small")),
    style("adjoint", text(palette.adjoint, "\\small")),
    style("forward", `->, draw=${color(palette.line)}, line width=0.7pt`),
    style("backward", `->, draw=${color(palette.adjoint)}, line width=0.7pt, dashed`),
    style("local", text(palette.ink, "\\footnotesize")),
    style("back", text(palette.adjoint, "\\footnotesize")),
    style("strong", "line width=1.5pt"),
    style("pale", "opacity=0.3"),
  ];
}

function style(name: string, value: string): string {
  return `  chainrule ${name}/.style={${value}},`;
}

/** `#0b5cad` as xcolor reads it without a definition. */
function color(hex: string): string {
  const part = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  return `{rgb,255:red,${part(1)};green,${part(3)};blue,${part(5)}}`;
}
