import { render } from "preact";

const place = document.getElementById("app");
if (place !== null) render(<main>chainrule</main>, place);
