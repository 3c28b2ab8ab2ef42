import { render } from "preact";
import { followTheme } from "../design/theme.ts";
import { beginVisit } from "../state/firstVisit.ts";
import { App } from "./App.tsx";
import { followAddress } from "./navigation.ts";

const place = document.getElementById("app");
if (place !== null) {
  followTheme();
  beginVisit();
  followAddress();
  render(<App embedded={new URLSearchParams(location.search).has("embed")} />, place);
}
