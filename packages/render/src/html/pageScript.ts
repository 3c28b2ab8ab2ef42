/**
 * Arrow keys on boxes: along the picture's direction to users and back to arguments, across it among
 * the others that the last step could have led to. Holds no `<` and no `&`, so that it is XML too.
 */
export const pageScript: string = `"use strict";
(function () {
  var svg = document.querySelector("svg");
  var boxes = Array.from(svg.querySelectorAll(".box"));
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
})();
`;

/** SHA-256 of the script, by which the page's policy knows it; a test computes it again. */
export const SCRIPT_HASH = "P5u07heKJsMTjTIXY5SgJV0rx2XffkQ3a8QfUNQTong=";
