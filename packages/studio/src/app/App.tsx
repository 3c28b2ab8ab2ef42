import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../design/index.ts";
import { switchTheme, theme } from "../design/theme.ts";
import type { ExportMenu } from "../export/ExportMenu.tsx";
import { dismissNotes, entered, go, notes, permalink, room } from "./navigation.ts";
import { rooms } from "./rooms.ts";
import "./app.css";

/** The page: a rail of rooms, and the room one is in; `embedded` shows the room alone. */
export function App({ embedded }: { readonly embedded: boolean }): JSX.Element {
  const place = useRef<HTMLElement>(null);
  const moved = useSignal(false);
  const menu = useSignal<typeof ExportMenu | undefined>(undefined);
  const openMenu = async (): Promise<void> => {
    const module = await import("../export/ExportMenu.tsx");
    menu.value = module.ExportMenu;
  };
  const Menu = menu.value;
  const { id, title } = room.value;
  useEffect(() => {
    document.title = `${title} · chainrule`;
    // Who goes to a room by the keyboard goes on in it.
    if (moved.value) place.current?.focus();
  }, [id]);
  return (
    <div class={embedded ? "app embedded" : "app"}>
      {embedded ? undefined : (
        <Rail
          onGo={() => {
            moved.value = true;
          }}
          onExport={openMenu}
        />
      )}
      <main ref={place} tabIndex={-1} aria-label={title}>
        {notes.value.length === 0 ? undefined : <Notes />}
        {entered.value?.body() ?? <p class="coming">…</p>}
        {embedded ? <Origin /> : undefined}
      </main>
      {Menu === undefined ? undefined : (
        <Menu
          exported={() => entered.value?.exported()}
          permalink={permalink}
          onClose={() => {
            menu.value = undefined;
          }}
        />
      )}
    </div>
  );
}

/** Where an embedded room comes from, and the way to all of it. */
function Origin(): JSX.Element {
  const link = useRef<HTMLAnchorElement>(null);
  const follow = (): void => {
    const address = new URL(location.href);
    address.search = "";
    if (link.current !== null) link.current.href = address.href;
  };
  return (
    <p class="origin">
      <a ref={link} href="./" target="_blank" rel="noopener" onFocus={follow} onMouseEnter={follow}>
        Open in chainrule studio
      </a>
    </p>
  );
}

interface RailProps {
  readonly onGo: () => void;
  readonly onExport: () => void;
}

function Rail({ onGo, onExport }: RailProps): JSX.Element {
  const list = useRef<HTMLElement>(null);
  const { id } = room.value;
  useEffect(() => {
    // On a phone the rooms do not all fit beside each other.
    const own = list.current?.querySelector<HTMLElement>("[aria-current]");
    const seen = list.current;
    if (own && seen) seen.scrollLeft = own.offsetLeft - (seen.clientWidth - own.offsetWidth) / 2;
  }, [id]);
  return (
    <header class="rail">
      <a class="brand" href="#room=chain-rule" aria-label="chainrule studio">
        <Mark />
        <span>chainrule</span>
      </a>
      <nav aria-label="Rooms" ref={list}>
        {rooms.map((entry) => (
          <button
            key={entry.id}
            type="button"
            class="room"
            title={entry.about}
            aria-current={entry.id === id ? "page" : undefined}
            onClick={() => {
              onGo();
              go(entry);
            }}
          >
            {entry.title}
          </button>
        ))}
      </nav>
      <div class="tools">
        <Button kind="quiet" onClick={onExport}>
          Export
        </Button>
        <Button
          kind="quiet"
          label={theme.value === "dark" ? "Light colours" : "Dark colours"}
          onClick={switchTheme}
        >
          {theme.value === "dark" ? "☀" : "☾"}
        </Button>
      </div>
    </header>
  );
}

/** Two inputs, one output, and the way back. */
function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path class="forward" d="M9 10.5 21 15M9 21.5 21 17" />
      <path class="backward" d="M24 22c-3 5-12 6-16 3" />
      <circle class="forward" cx="7" cy="9" r="4" />
      <circle class="backward" cx="7" cy="23" r="4" />
      <circle class="forward" cx="25" cy="16" r="4" />
    </svg>
  );
}

function Notes(): JSX.Element {
  return (
    <div class="note row" role="alert">
      <span>{notes.value.join("; ")}</span>
      <Button kind="quiet" label="Close the note" onClick={dismissNotes}>
        ✕
      </Button>
    </div>
  );
}
