import type { Expr } from "../expr.ts";
import type { Token } from "./tokenize.ts";

/** A name, or a text in quotes: a node, unless a function takes it for the size of an axis. */
export class Word {
  readonly token: Token;

  constructor(token: Token) {
    this.token = token;
  }
}

/** `[a, b]`: an array, unless a function takes it for a shape. */
export class Items {
  readonly token: Token;
  readonly items: readonly (Expr | Word)[];

  constructor(token: Token, items: readonly (Expr | Word)[]) {
    this.token = token;
    this.items = items;
  }
}

/** What a part of an expression becomes: a node, or what its surroundings make a node of. */
export type Built = Expr | Word | Items;
