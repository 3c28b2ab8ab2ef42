import { effect, type Signal, signal } from "@preact/signals";

/** Colours for light or dark surroundings. */
export type Theme = "light" | "dark";

const KEY = "chainrule-theme";

/** The page's colours: what the reader chose, else what the system asks for. */
export const theme: Signal<Theme> = signal("light");

/** Keeps the page's colours as `theme` says; to be called once. */
export function followTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  theme.value = chosen() ?? (system.matches ? "dark" : "light");
  system.addEventListener("change", () => {
    if (chosen() === undefined) theme.value = system.matches ? "dark" : "light";
  });
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
  });
}

/** Chooses the other colours, and remembers it where the browser allows. */
export function switchTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // Pages in frames and from files may be refused storage; the choice lasts as long as the page.
  }
}

function chosen(): Theme | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "dark" || kept === "light" ? kept : undefined;
  } catch {
    return undefined;
  }
}
