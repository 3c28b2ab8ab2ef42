import type { Expr, TraceNode } from "@chainrule/core";
import type { ChainStep } from "./chains.ts";

/** What a drawing shows, whatever the format: texts are ready, nothing has a place yet. */
export interface Drawing {
  readonly title: string;
  /** One sentence for those who cannot see it. */
  readonly description: string;
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
  readonly clusters: readonly Cluster[];
  readonly direction: "LR" | "TB";
  /** Whether numbers are shown. */
  readonly valued: boolean;
  /** Whether derivatives are shown: local ones on edges, and dashed edges back. */
  readonly derivatives: boolean;
  /** Whether something is highlighted, and the rest pale. */
  readonly highlights: boolean;
  /** The name of a node in formulas. */
  readonly nameOf: (node: Expr) => string | undefined;
  readonly digits: number | undefined;
  /** A number as the drawing writes it. */
  readonly numberText: (value: number) => string;
}

/** A node, or a folded scope. */
export interface Box {
  /** The node's name, or the scope's path; no two boxes have the same. */
  readonly id: string;
  /** What stays the same when the graph is edited elsewhere: by it places are kept. */
  readonly key: string;
  readonly kind: "input" | "constant" | "operation" | "scope";
  readonly name: string;
  /** `2b`: how it is made of others. */
  readonly formula: string | undefined;
  /** Lines below the name. */
  readonly lines: readonly Line[];
  readonly node: Expr | undefined;
  readonly trace: TraceNode | undefined;
  readonly output: boolean;
  readonly highlighted: boolean;
  /** Position in `clusters`, −1 outside of all. */
  readonly cluster: number;
}

/** A line of a box, and what it says. */
export interface Line {
  readonly role: "shape" | "value" | "adjoint" | "count";
  readonly text: string;
  /** Of an adjoint: output and node, and the number where a path leads to the output. */
  readonly ratio?: readonly [string, string];
  readonly number?: string | undefined;
}

/** From an argument to its user. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Local derivative as symbol and number, one for each place where the user takes the argument. */
  readonly local: string | undefined;
  /** What comes back along it: upstream times local, with its sign. */
  readonly back: string | undefined;
  /** Arguments that it stands for, of a folded scope. */
  readonly count: number;
  /** Steps of the chain rule that it shows. */
  readonly steps: readonly ChainStep[];
  readonly highlighted: boolean;
}

/** An open scope. */
export interface Cluster {
  readonly id: string;
  readonly label: string;
  /** Position of the cluster around it; −1 outside. */
  readonly parent: number;
}
