import { useEffect, useRef, useState } from "preact/hooks";
import { whenIdle } from "../../design/whenIdle.ts";

/** Milliseconds that it stays behind at most, also on a page that never rests. */
const LATEST = 150;

/** A value that follows when the page has drawn what is more urgent; undefined at first. */
export function useLater<Value>(value: Value): Value | undefined {
  const [later, setLater] = useState<Value | undefined>(undefined);
  const newest = useRef(value);
  const callOff = useRef<() => void>(undefined);
  newest.current = value;
  useEffect(() => {
    // One that waits already takes the newest along.
    callOff.current ??= whenIdle(() => {
      callOff.current = undefined;
      setLater(() => newest.current);
    }, LATEST);
  }, [value]);
  useEffect(() => () => callOff.current?.(), []);
  return later;
}
