// On the page of a picture: a target of the same ground, drawn in its place over the picture while the
// pointer or the focus is on it. Words below the target tell the same.
"use strict";

(() => {
  // Sides of a picture in the unit of shifts.
  const SIDE = 28;
  const candidate = document.querySelector(".shown img");

  const drawInPlace = (link) => {
    const [right, down] = link.dataset.shift.split(",").map(Number);
    const place = (x, y) => ({ x, y, width: SIDE, height: SIDE });
    const picture = ({ src }, x, y) =>
      GEO.draw("image", { href: src, preserveAspectRatio: "none", ...place(x, y) });
    const figure = GEO.draw("svg", {
      "aria-hidden": "true",
      viewBox: [Math.min(0, right), Math.min(0, down), SIDE + Math.abs(right), SIDE + Math.abs(down)].join(" "),
    });
    figure.append(picture(candidate, 0, 0), picture(link.querySelector("img"), right, down),
      GEO.draw("rect", place(0, 0)), GEO.draw("rect", { class: "on", ...place(right, down) }));
    link.append(figure);
  };

  const follow = ({ type, target }) => {
    const link = target.closest("[data-shift]");
    if (!link) return;
    link.querySelector("svg")?.remove();
    if (type === "mouseover" || type === "focusin") drawInPlace(link);
  };
  for (const type of ["mouseover", "mouseout", "focusin", "focusout"]) {
    document.querySelector("main").addEventListener(type, follow);
  }
})();
