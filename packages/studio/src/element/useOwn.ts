import { useState } from "preact/hooks";

/** What to make of the value that stands. */
export type Next<Value> = Value | ((value: Value) => Value);

/** A value that the page gives and the reader may change; what the page gives anew wins. */
export function useOwn<Value>(given: Value): readonly [Value, (next: Next<Value>) => void] {
  const key = JSON.stringify(given);
  const [own, setOwn] = useState({ key, value: given });
  const current = own.key === key ? own.value : given;
  const set = (next: Next<Value>): void =>
    setOwn((before) => {
      const value = before.key === key ? before.value : given;
      const made = typeof next === "function" ? (next as (value: Value) => Value)(value) : next;
      return { key, value: made };
    });
  return [current, set];
}
