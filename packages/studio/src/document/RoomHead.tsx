import type { ComponentChildren, JSX } from "preact";
import "./roomHead.css";

/** The title of a room, and what one does in it. */
export function RoomHead(props: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <header class="room-head">
      <h1>{props.title}</h1>
      <p>{props.children}</p>
    </header>
  );
}
