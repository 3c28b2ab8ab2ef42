import type { Expr } from "@chainrule/core";
import { symbolsIn } from "./components.ts";
import type { ScalarDerivation } from "./derivation.ts";
import type { Block, Document, EquationLine, Formula, Inline } from "./document.ts";
import { Footnotes } from "./footnotes.ts";
import {
  factor,
  joined,
  number,
  numbersProduct,
  numbersSum,
  product,
  Symbols,
  substituted,
  symbolic,
} from "./formulas.ts";
import { continued, heading, line, paragraph, relation, sign } from "./lines.ts";
import { about, factorsOf, pathName } from "./parts.ts";
import type {
  AdjointTerm,
  ChainPath,
  Component,
  Derivative,
  Quantity,
  Shown,
  Step,
  Update,
} from "./quantity.ts";
import { roundingSentence } from "./rounding.ts";
import { updateLines } from "./updateLines.ts";

/** The worked solution of a scalar graph in words and formulas. */
export function composeScalar(derivation: ScalarDerivation): Document {
  return new Composer(derivation).document();
}

class Composer {
  readonly #derivation: ScalarDerivation;
  readonly #symbols: Symbols;
  readonly #notes = new Footnotes();
  /** Components derived so far: each is derived once. */
  readonly #derived = new Set<Component>();
  readonly #bySymbol: ReadonlyMap<Expr, Quantity>;

  constructor(derivation: ScalarDerivation) {
    this.#derivation = derivation;
    const all = [...derivation.inputs, ...derivation.steps];
    this.#bySymbol = new Map(all.map((one) => [one.symbol, one]));
    this.#symbols = new Symbols(derivation.settings.notation);
  }

  document(): Document {
    const { output, derivatives, adjoints, updates, numbers, settings } = this.#derivation;
    const blocks: Block[] = [...this.#forward()];
    if (this.#hasDirect()) {
      blocks.push(
        paragraph("Direct marks a derivative by one use alone, where other ways lead there too."),
      );
    }
    if (adjoints.length > 0) {
      blocks.push(heading("Upstream derivatives, from the output down"));
      blocks.push(this.#meaning());
      for (const adjoint of adjoints) {
        if (adjoint.by.node === output.node) continue;
        blocks.push(...this.#derivative(adjoint, this.#symbols.upstream(adjoint.by)));
      }
    }
    for (const one of derivatives) {
      blocks.push(heading(this.#symbols.total(one.of, one.by)), ...this.#derivative(one));
    }
    if (updates.length > 0) {
      blocks.push(heading("Update"), this.#updates(updates));
    }
    if (numbers) blocks.push(paragraph(roundingSentence(settings)));
    blocks.push(...this.#notes.blocks());
    const name = this.#symbols.name(output);
    return { title: ["Derivatives of ", name], blocks };
  }

  #hasDirect(): boolean {
    const { derivatives, adjoints } = this.#derivation;
    return [...derivatives, ...adjoints].some(({ paths, terms }) => {
      const inPaths = paths.some(({ components }) => components.some(({ direct }) => direct));
      return inPaths || terms.some(({ component }) => component.direct);
    });
  }

  #forward(): Block[] {
    const { inputs, steps, numbers, settings } = this.#derivation;
    const blocks: Block[] = [heading("Forward pass")];
    if (numbers && inputs.length > 0) {
      const content: Inline[] = [];
      for (const input of inputs) {
        const name = this.#symbols.name(input);
        const value = number(input.value);
        if (content.length > 0) content.push(", ");
        content.push({
          text: `${name.text} = ${value.text}`,
          latex: `${name.latex} = ${value.latex}`,
        });
      }
      blocks.push({ kind: "paragraph", content: ["Inputs: ", ...content, "."] });
    }
    if (numbers && settings.detail === 1) {
      const rows = steps.map((step) => [
        [this.#symbols.name(step)],
        [symbolic(step.definition)],
        [step.value.exact ? number(step.value) : about(number(step.value))],
      ]);
      blocks.push({ kind: "table", header: ["step", "definition", "value"], rows });
      return blocks;
    }
    blocks.push({ kind: "equations", lines: steps.flatMap((step) => this.#step(step)) });
    return blocks;
  }

  #step(step: Step): EquationLine[] {
    const lines = [line(this.#symbols.name(step), "=", symbolic(step.definition))];
    if (!this.#derivation.numbers) return lines;
    lines.push(
      line(
        undefined,
        relation(step.sources.map(({ value }) => value)),
        substituted(step.definition, step.sources),
      ),
    );
    lines.push(this.#result(step.value));
    return lines;
  }

  /** `δ_v = ∂E/∂v`, said once. */
  #meaning(): Block {
    const { output } = this.#derivation;
    const v = { text: "v", latex: "v" };
    const [delta, ratio] = [
      this.#symbols.upstreamOf(v),
      this.#symbols.ratio(this.#symbols.name(output), v),
    ];
    return paragraph(delta, " stands for ", ratio, ", all paths together.");
  }

  #derivative(
    derivative: Derivative,
    left: Formula = this.#symbols.total(derivative.of, derivative.by),
  ): Block[] {
    const { of, by, method, value } = derivative;
    if (method === "none") {
      const words: Inline[] = [
        "No path leads from ",
        this.#symbols.name(by),
        " to ",
        this.#symbols.name(of),
        ":",
      ];
      return [
        { kind: "paragraph", content: words },
        { kind: "equations", lines: [line(left, "=", number(value))] },
      ];
    }
    if (of.node === by.node)
      return [{ kind: "equations", lines: [line(left, "=", number(value))] }];
    return method === "paths"
      ? this.#byPaths(derivative, left)
      : this.#byAdjoints(derivative, left);
  }

  #byPaths({ paths, value }: Derivative, left: Formula): Block[] {
    const { numbers, settings } = this.#derivation;
    const [only] = paths.length === 1 ? (paths[0] as ChainPath).components : [];
    if (only !== undefined && paths[0]?.components.length === 1) {
      const known = this.#derived.has(only) || settings.detail === 1;
      this.#derived.add(only);
      const short = [
        line(left, "=", symbolic(only.shown)),
        ...(numbers ? [this.#result(value)] : []),
      ];
      return [{ kind: "equations", lines: known ? short : this.#component(only, left) }];
    }
    const several = paths.length > 1;
    const remark = several ? "chain rule, sum over paths" : this.#remark(paths[0] as ChainPath);
    const chain = paths.map((path, i) =>
      i === 0
        ? line(left, "=", this.#chain(path), remark)
        : line(undefined, "", continued(this.#chain(path))),
    );
    const head: Block[] = [{ kind: "equations", lines: chain }];
    const components = this.#components(paths.flatMap((path) => path.components));
    if (components !== undefined) head.push(components);
    if (!numbers) {
      const simple = paths.map((path) => product(factorsOf(path).map((shown) => factor(shown))));
      head.push({ kind: "equations", lines: [line(left, "=", joined(simple))] });
      return head;
    }
    const results: EquationLine[] = [];
    paths.forEach((path, i) => {
      const values = path.components.map((one) => one.value);
      const name = several ? pathName(i) : left;
      if (values.length > 1 || several) {
        results.push(
          line(name, relation(values), numbersProduct(values)),
          this.#result(path.value),
        );
      } else results.push(line(name, sign(value), number(value)));
    });
    if (several) {
      const values = paths.map((path) => path.value);
      results.push(line(left, relation(values), numbersSum(values)), this.#result(value));
    }
    head.push({ kind: "equations", lines: results });
    return head;
  }

  #byAdjoints({ terms, value }: Derivative, left: Formula): Block[] {
    const [first] = terms as readonly [AdjointTerm];
    const alone = terms.length === 1 && this.#isDirectUse(first);
    if (alone && !this.#derived.has(first.component) && this.#derivation.settings.detail > 1) {
      this.#derived.add(first.component);
      return [{ kind: "equations", lines: this.#component(first.component, left) }];
    }
    const lines = terms.map((term, i) => {
      const local = this.#symbols.local(term.component);
      const right = this.#isDirectUse(term)
        ? local
        : product([this.#symbols.upstream(term.upstream), local]);
      const remark = terms.length > 1 ? "chain rule, sum over users" : "chain rule";
      return i === 0 ? line(left, "=", right, remark) : line(undefined, "", continued(right));
    });
    const components = this.#components(terms.map(({ component }) => component));
    if (components?.kind === "equations") lines.push(...components.lines);
    if (!this.#derivation.numbers) return [{ kind: "equations", lines }];
    const factors = terms.map((term) => {
      const { upstreamValue, component } = term;
      return this.#isDirectUse(term) ? [component.value] : [upstreamValue, component.value];
    });
    const products = joined(factors.map((values) => numbersProduct(values)));
    if (!alone) lines.push(line(left, relation(factors.flat()), products));
    if (factors.length > 1 && factors.some((values) => values.length > 1)) {
      const values = terms.map((term) => term.value);
      lines.push(line(undefined, relation(values), numbersSum(values)));
    }
    lines.push(this.#result(value));
    return [{ kind: "equations", lines }];
  }

  /** A use by the output itself: its upstream derivative is 1, and not written. */
  #isDirectUse({ upstream }: AdjointTerm): boolean {
    return upstream.node === this.#derivation.output.node;
  }

  /** The components that were not derived yet. */
  #components(components: readonly Component[]): Block | undefined {
    const fresh = components.filter((one) => !this.#derived.has(one));
    for (const one of fresh) this.#derived.add(one);
    if (fresh.length === 0 || this.#derivation.settings.detail === 1) return undefined;
    return { kind: "equations", lines: [...new Set(fresh)].flatMap((one) => this.#component(one)) };
  }

  #component(component: Component, left: Formula = this.#symbols.local(component)): EquationLine[] {
    const { raw, shown, rules, value } = component;
    const remark = rules.join(", ");
    const lines: EquationLine[] = [];
    const long = symbolic(raw);
    const short = symbolic(shown);
    if (long.text !== short.text)
      lines.push(line(left, "=", long, remark), line(undefined, "=", short));
    else lines.push(line(left, "=", short, remark));
    const sources = symbolsIn(shown, this.#bySymbol);
    if (!this.#derivation.numbers || sources.length === 0) return lines;
    if (shown !== sources[0]?.symbol) {
      lines.push(
        line(undefined, relation(sources.map((one) => one.value)), substituted(shown, sources)),
      );
    }
    lines.push(this.#result(value));
    return lines;
  }

  #chain({ components }: ChainPath): Formula {
    return product(components.map((one) => this.#symbols.local(one)));
  }

  #remark({ components }: ChainPath): string | undefined {
    return components.length > 1 ? "chain rule" : undefined;
  }

  #updates(updates: readonly Update[]): Block {
    const lines = updates.flatMap((update) => [
      ...updateLines(update, this.#symbols),
      this.#result(update.value),
    ]);
    return { kind: "equations", lines };
  }

  /** The last line of a calculation, with a footnote where its printed operands give another number. */
  #result(value: Shown): EquationLine {
    const note = value.fromPrinted === undefined ? undefined : this.#notes.add(value);
    return { ...line(undefined, sign(value), number(value)), note };
  }
}
