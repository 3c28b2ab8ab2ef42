import type { JSX } from "preact";
import "./bar.css";

/** A share of 1 as a bar. */
export function Bar({
  share,
  label,
}: {
  readonly share: number;
  readonly label: string;
}): JSX.Element {
  const filled = 100 * Math.min(1, Math.max(0, share));
  return (
    <svg
      class="share-bar"
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect class="ground" width={100} height={10} />
      <rect class="filled" width={filled} height={10} />
    </svg>
  );
}
