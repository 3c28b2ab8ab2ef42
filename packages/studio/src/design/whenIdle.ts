/**
 * Does work once the page has nothing more urgent to do, or `latest` milliseconds from now; what is returned
 * calls it off.
 */
export function whenIdle(work: () => void, latest: number): () => void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(work);
    return () => clearTimeout(timer);
  }
  const id = requestIdleCallback(work, { timeout: latest });
  return () => cancelIdleCallback(id);
}
