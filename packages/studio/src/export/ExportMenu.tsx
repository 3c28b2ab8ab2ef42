import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Announcer, Button, Select } from "../design/index.ts";
import type { Exported } from "../rooms/room.ts";
import { copyText, download } from "./deliver.ts";
import { type ExportFormat, fileName, formats } from "./formats.ts";
import "./export.css";

/** What the menu takes. */
export interface ExportMenuProps {
  /** What the room shows, asked for when the menu opens. */
  readonly exported: () => Exported | undefined;
  /** The address of the page as it is. */
  readonly permalink: () => Promise<string>;
  readonly onClose: () => void;
}

/** The menu of forms in which what is shown leaves the page: looked at, copied or downloaded; and its links. */
export function ExportMenu({ exported, permalink, onClose }: ExportMenuProps): JSX.Element {
  const place = useRef<HTMLDialogElement>(null);
  const shown = useRef(exported());
  const format = useSignal(formats[0] as ExportFormat);
  const content = useSignal<string | Blob | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const link = useSignal("");
  const said = useSignal("");
  useEffect(() => {
    place.current?.showModal();
    permalink().then((address) => {
      link.value = address;
    });
  }, []);
  useEffect(() => {
    let current = true;
    content.value = undefined;
    problem.value = undefined;
    const all = shown.current;
    if (all === undefined) return undefined;
    format.value.make(all).then(
      (made) => {
        if (current) content.value = made;
      },
      (error: unknown) => {
        if (current) problem.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => {
      current = false;
    };
  }, [format.value]);
  const tell = (text: string): void => {
    said.value = "";
    // Said again when it is done again.
    setTimeout(() => {
      said.value = text;
    }, 50);
  };
  const copy = async (text: string, what: string): Promise<void> => {
    tell((await copyText(text)) ? `${what} copied` : `${what} could not be copied: select it`);
  };
  const made = content.value;
  const all = shown.current;
  return (
    <dialog class="export" ref={place} aria-labelledby="export-title" onClose={onClose}>
      <header class="row">
        <h2 id="export-title">Export</h2>
        <Button kind="quiet" label="Close" onClick={() => place.current?.close()}>
          ✕
        </Button>
      </header>
      {all === undefined ? (
        <p>This room shows no graph to write down. Its link keeps all of it.</p>
      ) : (
        <>
          <Select
            label="Form"
            value={format.value.id}
            options={formats.map(({ id, title }) => [id, title] as const)}
            onChange={(id) => {
              format.value = formats.find((one) => one.id === id) ?? format.value;
            }}
          />
          {problem.value === undefined ? (
            <textarea
              class="input"
              aria-label="What is written"
              readOnly
              rows={8}
              value={typeof made === "string" ? made : made && `PNG, ${made.size} bytes`}
            />
          ) : (
            <p class="note">{problem.value}</p>
          )}
          <div class="row">
            <Button
              kind="primary"
              disabled={made === undefined}
              onClick={() => {
                if (made === undefined) return;
                download(fileName(all, format.value), made, format.value.type);
                tell("Downloaded");
              }}
            >
              Download
            </Button>
            <Button
              disabled={typeof made !== "string"}
              onClick={() => typeof made === "string" && copy(made, "Text")}
            >
              Copy
            </Button>
          </div>
        </>
      )}
      <LinkField title="Link to this page as it is" text={link.value} onCopy={copy} />
      <LinkField title="For pages that embed it" text={frameOf(link.value)} onCopy={copy} />
      <p class="said" aria-hidden="true">
        {said.value}
      </p>
      <Announcer text={said.value} />
    </dialog>
  );
}

/** `<iframe>` of the room alone, for Moodle, reveal.js and Quarto. */
function frameOf(link: string): string {
  if (link === "") return "";
  const address = new URL(link);
  address.search = "embed";
  return `<iframe src="${address.href}" width="100%" height="720" title="chainrule"></iframe>`;
}

interface LinkFieldProps {
  readonly title: string;
  readonly text: string;
  readonly onCopy: (text: string, what: string) => void;
}

function LinkField({ title, text, onCopy }: LinkFieldProps): JSX.Element {
  return (
    <div class="link-field">
      <label class="field">
        <span class="label">{title}</span>
        <input class="input" type="text" readOnly value={text} />
      </label>
      <Button label={`Copy: ${title}`} onClick={() => onCopy(text, title)}>
        Copy
      </Button>
    </div>
  );
}
