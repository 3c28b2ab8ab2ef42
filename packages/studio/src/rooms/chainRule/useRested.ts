import { useEffect, useState } from "preact/hooks";

/** A value when it has been the same for so many milliseconds; the first one at once. */
export function useRested<Value>(value: Value, rest: number): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), rest);
    return () => clearTimeout(timer);
  }, [value, rest]);
  return rested;
}
