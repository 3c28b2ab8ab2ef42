import type { Expr } from "@chainrule/core";
import type { MathLane } from "../math/index.ts";
import { elementBytes } from "../plan/elementBytes.ts";
import type { Places } from "../scalar/writer.ts";
import { type Body, f32, f32x4, f64, f64x2, v128 } from "../wasm/index.ts";
import { beginStore, loadElement, type RowElement, storeElement } from "./access.ts";
import type { MapPlan } from "./mapPlan.ts";

/** Bytes of a cell or slot: a vector. */
export const CELL = 16;

/** How rows of arguments and results lie in memory; the last parameter of a part is the address of scratch memory. */
export interface RowLayout {
  /** Bytes from one row to the next, by argument; 0 for what is the same for all rows. */
  readonly arguments: readonly number[];
  /** The same of the results. */
  readonly results: readonly number[];
}

const none: readonly number[] = [];

/** The values of a map's rows. Parts have pointers to the rows of arguments and results as parameters. */
export class RowPlaces implements Places {
  readonly keepsInputs = true;
  readonly #plan: MapPlan;
  readonly #lane: MathLane;
  readonly #layout: RowLayout;
  readonly #slots: number;
  readonly #results = new Map<number, number[]>();
  readonly #elements: RowElement[] = [];

  /** `slots` is the offset of the first slot in scratch memory. */
  constructor(plan: MapPlan, lane: MathLane, layout: RowLayout, slots: number) {
    this.#plan = plan;
    this.#lane = lane;
    this.#layout = layout;
    this.#slots = slots;
    plan.results.forEach((nodes, result) => {
      nodes.forEach((node, index) => {
        const place = this.#elements.push(this.#resultElement(node, result, index)) - 1;
        const known = this.#results.get(node);
        if (known === undefined) this.#results.set(node, [place]);
        else known.push(place);
      });
    });
  }

  /** Parameter that holds the address of scratch memory. */
  get scratch(): number {
    return this.#layout.arguments.length + this.#layout.results.length;
  }

  pushInput(body: Body, node: number): void {
    const element = this.#plan.inputs.get(node);
    if (element === undefined) {
      const load = { f64: f64.load, f32: f32.load, f64x2: v128.load, f32x4: v128.load };
      body.get(this.scratch);
      body.memory(load[this.#lane], (this.#plan.cells.get(node) as number) * CELL);
      return;
    }
    const { dtype } = this.#plan.tape.nodes[node] as Expr;
    loadElement(body, this.#lane, {
      dtype,
      pointer: element.argument,
      offset: element.index * elementBytes[dtype],
      stride: this.#layout.arguments[element.argument] as number,
    });
  }

  pushSlot(body: Body, slot: number): void {
    const load = { f64: f64.load, f32: f32.load, f64x2: v128.load, f32x4: v128.load };
    body.get(this.scratch);
    body.memory(load[this.#lane], this.#slots + slot * CELL);
  }

  beginSlot(body: Body): void {
    body.get(this.scratch);
  }

  storeSlot(body: Body, slot: number): void {
    const store = { f64: f64.store, f32: f32.store, f64x2: v128.store, f32x4: v128.store };
    body.memory(store[this.#lane], this.#slots + slot * CELL);
  }

  resultsOf(node: number): readonly number[] {
    return this.#results.get(node) ?? none;
  }

  beginResult(body: Body, place: number): void {
    beginStore(body, this.#lane, this.#elements[place] as RowElement);
  }

  storeResult(body: Body, place: number): void {
    storeElement(body, this.#lane, this.#elements[place] as RowElement);
  }

  #resultElement(node: number, result: number, index: number): RowElement {
    const { dtype } = this.#plan.tape.nodes[node] as Expr;
    return {
      dtype,
      pointer: this.#layout.arguments.length + result,
      offset: index * elementBytes[dtype],
      stride: this.#layout.results[result] as number,
    };
  }
}

/** The values that are computed once for all rows: each goes to a cell, in every lane of it. */
export class SharedPlaces implements Places {
  readonly keepsInputs = true;
  readonly #rows: RowPlaces;
  readonly #plan: MapPlan;

  /** `rows` are the places of one row, with slots of their own. */
  constructor(plan: MapPlan, rows: RowPlaces) {
    this.#plan = plan;
    this.#rows = rows;
  }

  pushInput(body: Body, node: number): void {
    this.#rows.pushInput(body, node);
  }

  pushSlot(body: Body, slot: number): void {
    this.#rows.pushSlot(body, slot);
  }

  beginSlot(body: Body): void {
    this.#rows.beginSlot(body);
  }

  storeSlot(body: Body, slot: number): void {
    this.#rows.storeSlot(body, slot);
  }

  resultsOf(node: number): readonly number[] {
    const cell = this.#plan.cells.get(node);
    return cell === undefined ? none : [cell];
  }

  beginResult(body: Body): void {
    body.get(this.#rows.scratch);
  }

  storeResult(body: Body, cell: number): void {
    body.op(this.#plan.one.lane === "f64" ? f64x2.splat : f32x4.splat);
    body.memory(v128.store, cell * CELL);
  }
}
