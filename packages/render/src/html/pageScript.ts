/**
 * Arrow keys on boxes: along the picture's direction to users and back to arguments, across it among
 * the others that the last step could have led to. Enter, Space and clicks open and close what is in a
 * folded box, and fold open scopes. Holds no `<` and no `&`, so that it is XML too.
 */
export const pageScript: string = `"use strict";
(function () {
  function all(where, what) { return Array.from(where.querySelectorAll(what)); }
  all(document, "svg").forEach(function (svg) {
    var boxes = all(svg, ".box");
    var horizontal = svg.getAttribute("data-direction") !== "TB";
    var keys = horizontal
      ? { ArrowRight: "to", ArrowLeft: "from", ArrowDown: 1, ArrowUp: -1 }
      : { ArrowDown: "to", ArrowUp: "from", ArrowRight: 1, ArrowLeft: -1 };
    var beside = boxes;
    function neighbours(box, side) {
      var list = box.getAttribute("data-" + side);
      return list ? list.split(" ").map(function (i) { return boxes[Number(i)]; }) : [];
    }
    svg.addEventListener("keydown", function (event) {
      var step = keys[event.key];
      var at = boxes.indexOf(document.activeElement);
      if (step === undefined || at === -1) return;
      event.preventDefault();
      if (typeof step === "string") {
        var next = neighbours(boxes[at], step);
        if (next.length === 0) return;
        beside = next;
        next[0].focus();
        return;
      }
      var list = beside.indexOf(boxes[at]) === -1 ? boxes : beside;
      var place = list.indexOf(boxes[at]) + step + list.length;
      list[place % list.length].focus();
    });
    svg.addEventListener("focusin", function (event) {
      boxes.forEach(function (box) { box.classList.remove("near"); });
      var box = event.target.closest(".box");
      if (box === null) return;
      neighbours(box, "to").concat(neighbours(box, "from")).forEach(function (other) {
        other.classList.add("near");
      });
    });
  });
  var button = document.querySelector("button");
  var views = all(document, ".view");
  function show(at) {
    views.forEach(function (view, i) { view.hidden = i !== at; });
    button.textContent = at === 0 ? "Fold all scopes" : "Unfold all scopes";
  }
  function act(from) {
    var box = from.closest("[data-opens]");
    if (box !== null) {
      var inside = document.getElementById(box.getAttribute("data-opens"));
      if (inside.closest(".view").hidden) {
        show(1);
        inside.querySelector("summary").focus();
        for (var up = inside; up !== null; up = up.parentElement.closest("details")) up.open = true;
      } else inside.open = !inside.open;
      if (inside.open) inside.scrollIntoView({ block: "nearest" });
      return true;
    }
    var name = from.closest("[data-folds]");
    if (name === null) return false;
    show(1);
    document.getElementById(name.getAttribute("data-folds")).focus();
    return true;
  }
  document.addEventListener("click", function (event) { act(event.target); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter") if (event.key !== " ") return;
    if (act(event.target)) event.preventDefault();
  });
  document.addEventListener("toggle", function (event) {
    all(document, "[data-opens]").forEach(function (box) {
      if (box.getAttribute("data-opens") !== event.target.id) return;
      box.setAttribute("aria-expanded", String(event.target.open));
    });
  }, true);
  if (button !== null) {
    button.hidden = false;
    button.addEventListener("click", function () { show(views[0].hidden ? 0 : 1); });
  }
})();
`;

/** SHA-256 of the script, by which the page's policy knows it; a test computes it again. */
export const SCRIPT_HASH = "sNNEXSRIfmIuxnBreVsB24SKLbCYRKkibgbwYbYFkHI=";
