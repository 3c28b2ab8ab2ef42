import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Expr, mul, parameter } from "@chainrule/core";
import { toHtml, toSvg } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { readXml } from "../../support/readXml.ts";
import { describeWith } from "../../support/requireTool.ts";
import { lecture, lectureValues, network, networkValues, perceptron } from "../gallery.ts";
import { hostileNames } from "../hostileNames.ts";
import { transformer } from "../transformer.ts";

describe("toHtml", () => {
  it("holds the picture and the same content as tables", () => {
    const page = toHtml(lecture, { values: lectureValues });
    const cells = readXml(page).flatMap(({ name, text }) => (/^t[hd]$/.test(name) ? [text] : []));
    expect(cells).toEqual([
      ...["Name", "Kind", "Formula", "Value", "Derivative"],
      ...["b", "input", "", "1", "∂L/∂b = −4"],
      ...["d", "operation", "2b", "2", "∂L/∂d = −2"],
      ...["a", "input", "", "3", "∂L/∂a = −2"],
      ...["e", "operation", "a + d", "5", "∂L/∂e = −2"],
      ...["c", "input", "", "−2", "∂L/∂c = 5"],
      ...["L", "operation", "c·e", "−10", "∂L/∂L = 1"],
      ...["From", "To", "Local derivative", "Back"],
      ...["b", "d", "2", "−4", "a", "e", "1", "−2", "d", "e", "1", "−2"],
      ...["c", "L", "e = 5", "+5", "e", "L", "c = −2", "−2"],
    ]);
  });

  it("tells shapes, and what is in folded scopes", () => {
    const elements = readXml(toHtml(perceptron(), { fold: "scopes", unfold: ["dense3"] }));
    const cells = elements.flatMap(({ name, text }) => (/^t[hd]$/.test(name) ? [text] : []));
    expect(cells).toContain("Shape");
    expect(cells).toContain("[64, 10]");
  });

  it("lets only its own script run", () => {
    const elements = readXml(toHtml(network, { values: networkValues }));
    const scripts = elements.filter(({ name }) => name === "script");
    expect(scripts).toHaveLength(1);
    const hash = createHash("sha256")
      .update(scripts[0]?.text ?? "")
      .digest("base64");
    const policy = elements.find(({ attributes }) => attributes["http-equiv"] !== undefined);
    expect(policy?.attributes["content"]).toContain(`script-src 'sha256-${hash}'`);
    expect(policy?.attributes["content"]).toContain("default-src 'none'");
  });

  it("refers to nothing elsewhere", () => {
    const elements = readXml(toHtml(network, { values: networkValues }));
    for (const { attributes } of elements) {
      expect(Object.keys(attributes)).not.toContain("src");
      expect(Object.keys(attributes)).not.toContain("href");
    }
  });

  it("is well-formed, and lets no name become markup", () => {
    const expected = new Set(readXml(toHtml(mul(parameter("x"), parameter("y")))).map(nameOf));
    for (const name of [...hostileNames, "<img src=x onerror=alert(1)>", "</script><b>"]) {
      const made = mul(parameter(name), parameter("y"));
      const elements = readXml(toHtml(made, { title: name, language: name }));
      expect(new Set(elements.map(nameOf)), name.slice(0, 40)).toEqual(expected);
      for (const { attributes } of elements) {
        for (const key of Object.keys(attributes)) expect(key).not.toMatch(/^on/);
      }
    }
  });

  it("holds the insides of folded boxes, and of those folded in them", () => {
    const page = toHtml(small, { fold: true });
    const elements = readXml(page);
    const insides = elements.filter(({ attributes }) => attributes["class"] === "inside");
    const opened = elements.flatMap(({ attributes }) => attributes["data-opens"] ?? []);
    expect(new Set(opened)).toEqual(new Set(insides.map(({ attributes }) => attributes["id"])));
    const titles = elements.flatMap(({ name, text }) => (name === "summary" ? [text] : []));
    for (const scope of ["block1", "attention", "head1", "backward", "norm"]) {
      expect(titles).toContain(`Inside of ${scope}`);
    }
    expect(page).not.toContain("This page holds");
  });

  it("draws in the insides every node that is folded, and around them where arrows come from", () => {
    const elements = readXml(toHtml(small, { fold: true }));
    const spoken = new Set(elements.flatMap(({ attributes }) => attributes["aria-label"] ?? []));
    for (const { attributes } of readXml(toSvg(small, { fold: false }))) {
      const label = attributes["aria-label"];
      if (label !== undefined) expect(spoken).toContain(label);
    }
    expect(spoken).toContain("input X");
  });

  it("keeps to the room it is given, and says so", () => {
    const all = toHtml(small, { fold: true });
    const some = toHtml(small, { fold: true, room: 40 });
    const boxes = (page: string): number => [...page.matchAll(/class="box /g)].length;
    expect(boxes(some)).toBeLessThanOrEqual(boxes(toHtml(small, { fold: true, room: 0 })) + 40);
    expect(boxes(all)).toBeGreaterThan(boxes(some));
    const count = [...some.matchAll(/class="inside"/g)].length;
    expect(some).toContain(`This page holds what is in ${count} of `);
  });

  it("asks for no motion where the reader wants none", () => {
    const page = toHtml(lecture);
    for (const [, before] of page.matchAll(/([^{}]*)\{[^{}]*\{?[^{}]*transition/g)) {
      expect(before).toContain("prefers-reduced-motion:no-preference");
    }
  });
});

const small = transformer({ blocks: 2, heads: 2, width: 8, words: 4 });

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

/** A page as the browser holds it after its scripts. */
function documentAfter(file: string, profile: string): string {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`];
  const time = "--virtual-time-budget=2000";
  return spawnSync("chromium", [...flags, time, "--dump-dom", `file://${file}`], {
    encoding: "utf8",
    timeout: 60_000,
  }).stdout;
}

/** What a page says in its title after all its scripts have run. */
function titleAfter(page: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-page-"));
  try {
    // The script of the test is no part of the page, whose policy would refuse it.
    const open = page.replace(/<meta http-equiv=[^>]*>/, "");
    const file = join(folder, "page.html");
    writeFileSync(file, open.replace("</body>", `<script>${script}</script></body>`));
    const dom = documentAfter(file, folder);
    return /<title>(.*?)<\/title>/.exec(dom)?.[1] ?? dom;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWith("chromium", "a browser", () => {
  const keys = (start: string, pressed: readonly string[]): string => `
    var box = document.querySelector('[aria-label^="${start}"]');
    box.focus();
    var visited = [];
    ${JSON.stringify(pressed)}.forEach(function (key) {
      document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: key, bubbles: true, cancelable: true }));
      visited.push(document.activeElement.getAttribute("aria-label").split(",")[0]);
    });
    document.title = visited.join("; ");`;

  it("reaches boxes along edges by arrow keys", () => {
    const page = toHtml(lecture, { values: lectureValues });
    const right = ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"];
    expect(titleAfter(page, keys("input b", right))).toBe(
      "operation d = 2b; operation e = a + d; operation L = c·e; operation L = c·e",
    );
    const around = ["ArrowLeft", "ArrowDown", "ArrowDown", "ArrowLeft"];
    expect(titleAfter(page, keys("operation L", around))).toBe(
      "input c; operation e = a + d; input c; input c",
    );
  }, 180_000);

  it("turns the keys with the picture", () => {
    const page = toHtml(lecture, { direction: "TB" });
    expect(titleAfter(page, keys("input b", ["ArrowDown", "ArrowDown"]))).toBe(
      "operation d = 2b; operation e = a + d",
    );
  }, 120_000);

  it("opens and closes what is folded by Enter, Space and clicks", () => {
    const script = `
      var seen = [];
      document.querySelector("button").click();
      function look(what) {
        var box = document.querySelector('#graph-folded > .pictures > .picture [aria-label^="folded scope block1,"]');
        var inside = document.getElementById(box.getAttribute("data-opens"));
        seen.push(what + " " + inside.open + " " + (inside.getBoundingClientRect().height > 100));
        return box;
      }
      function press(element, key) {
        element.focus();
        document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", { key: key, bubbles: true, cancelable: true }));
      }
      var box = look("start");
      press(box, "Enter");
      look("Enter");
      press(box, " ");
      look("Space");
      box.querySelector("text").dispatchEvent(new MouseEvent("click", { bubbles: true }));
      look("click");
      var inner = document.getElementById(box.getAttribute("data-opens"))
        .querySelector('[aria-label^="folded scope attention,"]');
      press(inner, "Enter");
      seen.push("inner " + document.getElementById(inner.getAttribute("data-opens")).open);
      press(box, "x");
      setTimeout(function () {
        seen.push("expanded " + box.getAttribute("aria-expanded") + inner.getAttribute("aria-expanded"));
        document.title = seen.join("; ");
      }, 100);`;
    const page = toHtml(small, { fold: "scopes", direction: "TB" });
    const words = ["start false false", "Enter true true", "Space false false", "click true true"];
    expect(titleAfter(page, script)).toBe([...words, "inner true", "expanded truetrue"].join("; "));
  }, 120_000);

  it("folds open scopes by their names, and unfolds all by a button", () => {
    const script = `
      var seen = [];
      var views = Array.from(document.querySelectorAll(".view"));
      var button = document.querySelector("button");
      function look(what) {
        var at = document.activeElement.getAttribute("aria-label") || "";
        seen.push(what + " " + views.map(function (view) { return view.hidden; }) + " " + at.split(",")[0]);
      }
      look(button.textContent);
      var frame = document.querySelector('[aria-label="fold dense2"]');
      frame.focus();
      frame.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      look(button.textContent);
      button.focus();
      button.click();
      look(button.textContent);
      document.title = seen.join("; ");`;
    expect(titleAfter(toHtml(perceptron()), script).trim()).toBe(
      [
        "Fold all scopes false,true ",
        "Unfold all scopes true,false folded scope dense2",
        "Fold all scopes false,true",
      ].join("; "),
    );
  }, 120_000);

  it("lets the page's own script run under the page's policy", () => {
    const folder = mkdtempSync(join(tmpdir(), "chainrule-page-"));
    try {
      const file = join(folder, "page.html");
      writeFileSync(file, toHtml(perceptron()));
      // The script shows the button, which it needs.
      expect(documentAfter(file, folder)).toContain('<button type="button">Fold all scopes');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);

  it("draws every text inside its box", () => {
    const hostile = hostileNames.map((name): Expr => parameter(name)).reduce((a, b) => mul(a, b));
    for (const page of [
      toHtml(network, { values: networkValues }),
      toHtml(hostile, { fold: false }),
      toHtml(perceptron()),
    ]) {
      const script = `
        var wrong = [];
        document.querySelectorAll(".box").forEach(function (box) {
          var room = box.querySelector(".shape").getBBox();
          box.querySelectorAll("text").forEach(function (text) {
            var own = text.getBBox();
            if (room.x > own.x + 0.5 || own.x + own.width > room.x + room.width + 0.5) wrong.push(text.textContent);
            if (room.y > own.y + 3 || own.y + own.height > room.y + room.height + 3) wrong.push(text.textContent);
          });
        });
        document.title = "wrong: " + wrong.length + " " + wrong.join("; ");`;
      expect(titleAfter(page, script)).toBe("wrong: 0 ");
    }
  }, 180_000);
});
