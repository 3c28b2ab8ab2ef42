import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "../../design/index.ts";
import { type PageId, pageIds, pageNames } from "./pages.ts";

/** Goes from page to page: by buttons, by name, by arrow keys. */
export function Pager(props: {
  readonly page: PageId;
  readonly onPage: (page: PageId) => void;
}): JSX.Element {
  const { page, onPage } = props;
  const place = useRef<HTMLElement>(null);
  const at = pageIds.indexOf(page);
  const go = (to: number): void => {
    const next = pageIds[to];
    if (next !== undefined) onPage(next);
  };
  const press = (event: KeyboardEvent): void => {
    const to = target(event.key, at);
    if (to === undefined) return;
    event.preventDefault();
    go(to);
    place.current?.querySelectorAll<HTMLElement>(".pages button")[to]?.focus();
  };
  return (
    <nav class="pager" aria-label="Pages" ref={place} onKeyDown={press}>
      <Button label="Page before" idle={at === 0} onClick={() => go(at - 1)}>
        ‹
      </Button>
      <ol class="pages">
        {pageIds.map((id) => (
          <li key={id}>
            <button
              type="button"
              aria-current={id === page ? "step" : undefined}
              onClick={() => onPage(id)}
            >
              {pageNames[id]}
            </button>
          </li>
        ))}
      </ol>
      <Button label="Next page" idle={at === pageIds.length - 1} onClick={() => go(at + 1)}>
        ›
      </Button>
    </nav>
  );
}

function target(key: string, at: number): number | undefined {
  const last = pageIds.length - 1;
  if (key === "ArrowRight") return Math.min(last, at + 1);
  if (key === "ArrowLeft") return Math.max(0, at - 1);
  if (key === "Home") return 0;
  return key === "End" ? last : undefined;
}
