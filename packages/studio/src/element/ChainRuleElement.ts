import { batch, type Signal, signal } from "@preact/signals";
import { h, render } from "preact";
import { ElementView } from "./ElementView.tsx";
import { sheets } from "./sheets.ts";

/** Attributes that an element follows; each may change at any time. */
const attributes = ["expr", "values", "wrt", "step", "view", "theme"] as const;
/** One of them. */
export type AttributeName = (typeof attributes)[number];

/** The attributes as they stand; an empty text where one is absent. */
export type Attributes = Readonly<Record<AttributeName, Signal<string>>>;

/** What a `change` event of an element tells. */
export interface ChainRuleChange {
  /** The step in sight, counted from 1. */
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
  /** The variable of the derivative. */
  readonly wrt: string | undefined;
}

/**
 * `<chain-rule expr="c(a + 2b)" values="a = 3, b = 1, c = -2" wrt="b">`: one graph with values and adjoints, in any
 * page. Its text is read where `expr` is absent. What a reader moves is told by `change` events.
 */
export class ChainRuleElement extends HTMLElement {
  static readonly observedAttributes: readonly string[] = attributes;

  readonly #attributes: Attributes = {
    expr: signal(""),
    values: signal(""),
    wrt: signal(""),
    step: signal(""),
    view: signal(""),
    theme: signal(""),
  };
  readonly #colours = signal<"light" | "dark">("light");
  readonly #system: MediaQueryList = matchMedia("(prefers-color-scheme: dark)");
  readonly #follow = (): void => this.#followColours();

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets();
    this.#system.addEventListener("change", this.#follow);
    batch(() => {
      this.#readExpression();
      this.#followColours();
    });
    const onChange = (detail: ChainRuleChange): void => {
      this.dispatchEvent(new CustomEvent("change", { detail }));
    };
    render(
      h(ElementView, {
        attributes: this.#attributes,
        colours: this.#colours,
        keys: this,
        onChange,
      }),
      root,
    );
  }

  disconnectedCallback(): void {
    this.#system.removeEventListener("change", this.#follow);
    if (this.shadowRoot !== null) render(null, this.shadowRoot);
  }

  attributeChangedCallback(name: AttributeName, _before: string | null, text: string | null): void {
    this.#attributes[name].value = text ?? "";
    if (name === "expr") this.#readExpression();
    if (name === "theme") this.#followColours();
  }

  /** The attribute, or what stands between the tags: also shown where no script runs. */
  #readExpression(): void {
    this.#attributes.expr.value = this.getAttribute("expr") ?? this.textContent.trim();
  }

  /** The colours asked for, else those of the page around: dark only where that page says it may be. */
  #followColours(): void {
    const { theme } = this.#attributes;
    const { colorScheme } = getComputedStyle(this);
    // A page may also say it once for all, in its head.
    const head = document.querySelector<HTMLMetaElement>('meta[name="color-scheme"]');
    const page = colorScheme === "normal" ? (head?.content ?? "") : colorScheme;
    const dark = page.includes("dark") && (this.#system.matches || !page.includes("light"));
    const asked = theme.value === "dark" || theme.value === "light" ? theme.value : undefined;
    this.#colours.value = asked ?? (dark ? "dark" : "light");
  }
}
