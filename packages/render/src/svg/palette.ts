/** Colours of a picture by what they mean. */
export interface Palette {
  readonly page: string;
  readonly ink: string;
  /** Shapes, legends, names of scopes. */
  readonly faint: string;
  readonly line: string;
  readonly value: string;
  readonly adjoint: string;
  readonly input: string;
  readonly constant: string;
  readonly operation: string;
  readonly output: string;
  readonly scope: string;
  readonly frame: string;
  readonly accent: string;
}

/** Light paper or dark screens; `auto` follows the reader's system. */
export type Theme = "auto" | "light" | "dark";

const LIGHT: Palette = {
  page: "#ffffff",
  ink: "#1b1f27",
  faint: "#5a6270",
  line: "#4a5260",
  value: "#0b5cad",
  adjoint: "#b3261e",
  input: "#e6f0fb",
  constant: "#f1f2f4",
  operation: "#ffffff",
  output: "#fff1cc",
  scope: "#efeafa",
  frame: "#f7f8fa",
  accent: "#0b5cad",
};

const DARK: Palette = {
  page: "#14171c",
  ink: "#eceff4",
  faint: "#a7b0be",
  line: "#9aa4b2",
  value: "#85bdff",
  adjoint: "#ff9d94",
  input: "#1c3148",
  constant: "#2a2e36",
  operation: "#20252d",
  output: "#443a17",
  scope: "#332c4a",
  frame: "#1a1e25",
  accent: "#85bdff",
};

const GREY: Palette = {
  page: "#ffffff",
  ink: "#000000",
  faint: "#4d4d4d",
  line: "#333333",
  value: "#000000",
  adjoint: "#000000",
  input: "#e8e8e8",
  constant: "#f4f4f4",
  operation: "#ffffff",
  output: "#d4d4d4",
  scope: "#f4f4f4",
  frame: "#fafafa",
  accent: "#000000",
};

const DARK_GREY: Palette = {
  page: "#141414",
  ink: "#f2f2f2",
  faint: "#b3b3b3",
  line: "#bdbdbd",
  value: "#f2f2f2",
  adjoint: "#f2f2f2",
  input: "#303030",
  constant: "#262626",
  operation: "#1f1f1f",
  output: "#454545",
  scope: "#262626",
  frame: "#1a1a1a",
  accent: "#ffffff",
};

/** The colours of a theme; `auto` begins light. */
export function paletteOf(theme: Theme, greyscale: boolean): Palette {
  if (theme === "dark") return greyscale ? DARK_GREY : DARK;
  return greyscale ? GREY : LIGHT;
}
